import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { auditFaults, type Allowance, type AuditReport } from './audit.ts';
import { ownRoot, readJson } from './repository.ts';

const today = '2026-12-01';
const advisory = (id: string, severity: string, name = 'minimist') => ({ source: 1_096_549, name, dependency: name, title: 'Prototype Pollution', url: `https://github.com/advisories/${id}`, severity, cwe: ['CWE-1321'], cvss: { score: 9.8, vectorString: null }, range: '<1.2.6' });
const report = (...advisories: ReturnType<typeof advisory>[]): AuditReport & Record<string, unknown> => ({
  auditReportVersion: 2,
  vulnerabilities: {
    ...Object.fromEntries(advisories.map((one, at) => [`${one.name}${at || ''}`, { name: one.name, severity: one.severity, isDirect: false, via: [one], effects: ['mkdirp'], range: one.range, nodes: [`node_modules/${one.name}`], fixAvailable: true }])),
    mkdirp: { via: ['minimist'] },
  },
  metadata: { vulnerabilities: { total: advisories.length } },
});
const id = 'GHSA-xvch-5gv4-984h';
const allow = (more: Partial<Allowance> = {}): Allowance => ({ id, reason: 'Only a build reads its arguments.', until: '2027-01-31', ...more });

describe('the gate of advisories', () => {
  it('opens for packages without one', () => {
    expect(auditFaults({ auditReportVersion: 2, vulnerabilities: {} }, [], today)).toEqual([]);
  });

  it.each(['critical', 'high', 'moderate'])('is shut by one that is %s, named once', (severity) => {
    expect(auditFaults(report(advisory(id, severity), advisory(id, severity)), [], today)).toEqual([`${id} (${severity}): minimist <1.2.6: Prototype Pollution.`]);
  });

  it('opens for one that is low', () => {
    expect(auditFaults(report(advisory(id, 'low')), [], today)).toEqual([]);
  });

  it('opens for one that is allowed, to the last day', () => {
    expect(auditFaults(report(advisory(id, 'high')), [allow()], today)).toEqual([]);
    expect(auditFaults(report(advisory(id, 'high')), [allow({ until: today })], today)).toEqual([]);
  });

  it('is shut again when the allowance is over', () => {
    expect(auditFaults(report(advisory(id, 'high')), [allow({ until: '2026-11-30' })], today)).toEqual([`${id} (high): minimist <1.2.6: Prototype Pollution.`, `The allowance for ${id} ended on 2026-11-30: update the package, or decide anew.`]);
  });

  it.each([
    ['that nothing needs', allow({ id: 'GHSA-aaaa-bbbb-cccc' }), 'is not needed'],
    ['without a reason', allow({ reason: ' ' }), 'says no reason'],
    ['without an end', allow({ until: 'never' }), 'says no day'],
  ])('is shut by an allowance %s', (_, one, words) => {
    expect(auditFaults(report(advisory(id, 'low')), [one], today).join()).toContain(words);
  });

  it('never takes a registry that refuses for one that finds nothing', () => {
    expect(() => auditFaults({ message: 'request to /-/npm/v1/security/advisories/bulk failed' }, [], today)).toThrow('npm audit gave no report: request to');
    expect(() => auditFaults({ error: { summary: 'audit endpoint returned an error' } }, [], today)).toThrow('audit endpoint returned an error');
    expect(() => auditFaults({ auditReportVersion: 1 }, [], today)).toThrow('another form');
  });

  it('ends a workflow with 1 when it is shut and with 0 when it is open', () => {
    const run = (input: unknown) => spawnSync(process.execPath, ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', join(ownRoot, 'tools/release/src/audit-gate.ts')], { input: JSON.stringify(input), encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
    const shut = run(report(advisory('GHSA-zzzz-zzzz-zzzz', 'critical')));
    expect([shut.status, shut.stderr]).toEqual([1, expect.stringContaining('✗ GHSA-zzzz-zzzz-zzzz (critical)')]);
    expect(run({ message: 'refused' }).status).toBe(1);
  });

  it('has allowances of the form that it reads', () => {
    for (const one of readJson<Allowance[]>(ownRoot, 'tools/release/audit-allow.json')) expect(one).toEqual({ id: expect.stringMatching(/^GHSA-/), reason: expect.stringMatching(/\S/), until: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
  });
});
