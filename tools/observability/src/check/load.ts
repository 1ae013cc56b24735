import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Group, RecordingRule } from '../rules/rule.ts';
import { readCatalog, type Catalog } from './catalog.ts';
import type { GrafanaDashboard } from './dashboard-faults.ts';
import { root } from './root.ts';
import { isAlert } from './rule-faults.ts';

export const dashboardsFolder = 'deploy/grafana/dashboards';
export const rulesFolder = 'deploy/prometheus/rules';
export const ruleTestsFolder = 'deploy/prometheus/tests';
export const runbooksFolder = 'docs/runbooks';

const filesOf = (folder: string, end: string): string[] => readdirSync(join(root, folder)).filter((name) => name.endsWith(end)).toSorted();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every committed dashboard, by its file. */
export const loadDashboards = (): Map<string, GrafanaDashboard> => new Map(filesOf(dashboardsFolder, '.json').map((name) => [name, JSON.parse(read(`${dashboardsFolder}/${name}`)) as GrafanaDashboard]));

/** Every committed group of rules. */
export const loadGroups = (): Group[] => filesOf(rulesFolder, '.yaml').flatMap((name) => (parse(read(`${rulesFolder}/${name}`)) as { groups: Group[] }).groups);

/** What expressions may name, the committed recorded series among it. */
export const loadCatalog = (): Catalog => readCatalog(loadGroups().flatMap(({ rules }) => rules).filter((rule): rule is RecordingRule => !isAlert(rule)));

export const loadRunbooks = (): string[] => filesOf(runbooksFolder, '.md').filter((name) => name !== 'README.md');

/** One case of promtool: the alerts of a name that are expected to fire at a time, by their labels; none where it is to be silent. */
export type AlertCase = { alert: string; fires: Record<string, string>[] };

type ExpressionCase = { expr: string; exp_samples?: { labels: string }[] };

/** Every case of the unit tests of rules: they ask `ALERTS`, so that an alert's words may change without its cases. */
export const loadAlertCases = (): AlertCase[] =>
  filesOf(ruleTestsFolder, '.yaml')
    .flatMap((name) => (parse(read(`${ruleTestsFolder}/${name}`)) as { tests: { promql_expr_test?: ExpressionCase[] }[] }).tests)
    .flatMap((test) => test.promql_expr_test ?? [])
    .flatMap(({ expr, exp_samples: expected = [] }) => {
      const { alertname } = labelsIn(expr);
      return alertname ? [{ alert: alertname, fires: expected.map(({ labels }) => labelsIn(labels)) }] : [];
    });

const labelsIn = (selector: string): Record<string, string> => Object.fromEntries([...selector.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]));
