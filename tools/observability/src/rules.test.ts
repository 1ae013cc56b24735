import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadAlertCases, loadCatalog, loadGroups, loadRunbooks, runbooksFolder, type AlertCase } from './check/load.ts';
import { root } from './check/root.ts';
import { faultsOfRules, isAlert } from './check/rule-faults.ts';
import { untestedAlerts } from './check/untested-alerts.ts';
import type { AlertRule, Group } from './rules/rule.ts';
import { runbookFile } from './rules/rule.ts';
import { thresholds } from './rules/thresholds.ts';

const groups = loadGroups();
const catalog = loadCatalog();
const alerts = groups.flatMap(({ rules }) => rules).filter(isAlert);
const names = [...new Set(alerts.map(({ alert }) => alert))].toSorted();
const hasFile = (path: string): boolean => existsSync(join(root, path));

test('every rule is sound: expressions, series, labels, severity, words, runbook', () => {
  expect(faultsOfRules(groups, catalog, hasFile)).toEqual([]);
});

test('every runbook is of an alert', () => {
  expect(loadRunbooks()).toEqual(names.map(runbookFile).toSorted());
});

test.each(names)('the runbook of %s says what it means, for whom, how to look, what to do and whom to call', (name) => {
  const text = readFileSync(join(root, runbooksFolder, runbookFile(name)), 'utf8');
  expect(text.match(/^#+ .+$/gm)).toEqual([`# ${name}`, '## What it means', '## For whom it matters', '## How to look', '## What to do', '## Whom to call']);
});

test('every alert has a case in which it fires and one in which it is silent, at each of its severities', () => {
  expect(untestedAlerts(alerts, loadAlertCases())).toEqual([]);
});

test('every threshold has a reason', () => {
  expect(Object.entries(thresholds).filter(([, { reason }]) => reason.length < 40)).toEqual([]);
});

describe('rules are refused', () => {
  const withFault = (plant: (alert: AlertRule, copy: Group[]) => void): string => {
    const copy = structuredClone(groups);
    plant(copy.flatMap(({ rules }) => rules).filter(isAlert).find(({ alert }) => alert === 'OutboxStuck')!, copy);
    return faultsOfRules(copy, catalog, hasFile).join('\n');
  };

  test.each<[string, string, string]>([
    ['with an expression that does not parse', withFault((alert) => (alert.expr = 'outbox_backlog >')), 'OutboxStuck: does not parse'],
    ['with a series that nothing emits', withFault((alert) => (alert.expr = 'outbox_waiting > 0')), 'no such series: outbox_waiting'],
    ['with a recorded series that is not recorded', withFault((alert) => (alert.expr = 'slo:events:increase2h > 0')), 'no such series: slo:events:increase2h'],
    ['with another severity', withFault((alert) => (alert.labels.severity = 'critical' as 'page')), 'severity is neither page nor ticket'],
    ['without a runbook', withFault((alert) => (alert.annotations.runbook_url = 'docs/runbooks/none.md')), 'no runbook at docs/runbooks/none.md'],
    ['without words', withFault((alert) => (alert.annotations.summary = '')), 'summary and description'],
    ['with words of a label that was summed away', withFault((alert) => (alert.annotations.description = '{{ $labels.instance }}')), 'its words name instance'],
    ['with two groups of one name', withFault((_, copy) => (copy[1]!.name = copy[0]!.name)), 'two groups are called'],
  ])('%s', (_, faults, words) => {
    expect(faults).toContain(words);
  });

  test('with an alert that no case makes fire, or that none finds silent', () => {
    const alert = alerts.find(({ alert }) => alert === 'RedisAway')!;
    const fires: AlertCase = { alert: 'RedisAway', fires: [{ severity: 'ticket', service: 'auth' }] };
    const silent: AlertCase = { alert: 'RedisAway', fires: [] };
    expect(untestedAlerts([alert], [fires, silent])).toEqual([]);
    expect(untestedAlerts([alert], [fires])).toEqual(['RedisAway has no case in which it is silent']);
    expect(untestedAlerts([alert], [silent])).toEqual(['RedisAway (ticket) has no case in which it fires']);
  });
});
