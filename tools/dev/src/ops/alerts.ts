import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../checks.ts';
import { merge } from '../checks.ts';
import { root } from '../paths.ts';
import { runProgram } from '../programs.ts';
import type { OpsContext } from './context.ts';
import { findPrometheus } from './prometheus-programs.ts';

const folder = join(root, 'deploy/prometheus');

/** Changes of a rule after which some case must fail: what the cases are worth. */
const plants: { file: string; tests: string; from: string; to: string; what: string }[] = [
  { file: 'alerts.yaml', tests: 'parts.yaml', from: 'max by (service) (redis_up) == 0', to: 'max by (service) (redis_up) == 2', what: 'an alert that can never fire' },
  { file: 'alerts.yaml', tests: 'work.yaml', from: 'max by (service, breaker) (breaker_state{breaker!="redis"}) == 2', to: 'max by (service, breaker) (breaker_state{breaker!="redis"}) >= 0', what: 'an alert that always fires' },
  { file: 'alerts.yaml', tests: 'events.yaml', from: 'sum by (group, topic) (dead_letters_total unless dead_letters_total offset 1h) > 0', to: 'sum by (group, topic) (dead_letters_total) < 0', what: 'an alert that misses the first dead letter' },
  { file: 'slos.yaml', tests: 'slos.yaml', from: '\n          and slo:bad_events:increase1h{slo="api_availability"} >= 5', to: '', what: 'a burn rate that a tiny count sets off' },
  { file: 'slos.yaml', tests: 'slos.yaml', from: '> 14.4 * 0.001', to: '> 1440 * 0.001', what: 'a burn rate that is never reached' },
];

/** promtool's word on rules and configuration, every unit test of the rules, and that these tests refuse rules that are wrong. */
export async function checkAlerts({ env, stateDir, steps }: OpsContext): Promise<Verdict> {
  const { promtool } = await findPrometheus(env, (line) => steps.print(`  ${line}`));
  const say = async (what: string, args: string[], expected = true): Promise<Verdict> => {
    const { ok, output } = await runProgram(promtool, args, { env, timeoutMs: 300_000 });
    return ok === expected ? { passed: 1, failed: 0, words: '' } : { passed: 0, failed: 1, words: `${what}:\n${expected ? output : 'promtool finds nothing wrong'}` };
  };
  const filesOf = (base: string, kind: 'rules' | 'tests'): string[] => readdirSync(join(base, kind)).map((name) => join(base, kind, name));
  const verdicts = [
    await say('The rules are not valid', ['check', 'rules', ...filesOf(folder, 'rules')]),
    await say('The configuration is not valid', ['check', 'config', join(folder, 'prometheus.yml')]),
  ];
  for (const file of filesOf(folder, 'tests')) verdicts.push(await say(`Alerts do not do what ${file} says`, ['test', 'rules', file]));
  for (const [index, { file, tests, from, to, what }] of plants.entries()) {
    const copy = join(stateDir, String(index));
    cpSync(folder, copy, { recursive: true });
    const rules = join(copy, 'rules', file);
    const text = readFileSync(rules, 'utf8');
    if (!text.includes(from)) verdicts.push({ passed: 0, failed: 1, words: `${file} does not hold "${from.trim()}" any more: plant "${what}" elsewhere.` });
    else {
      writeFileSync(rules, text.replace(from, to));
      verdicts.push(await say(`The tests of rules let pass ${what}`, ['test', 'rules', join(copy, 'tests', tests)], false));
    }
  }
  return merge(verdicts);
}
