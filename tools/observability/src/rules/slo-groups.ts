import { alert, type AlertRule, type Group, type RecordingRule } from './rule.ts';
import { badIn, badRatio, budgetOf, burns, longWindows, shortWindows, slos, type Burn, type Slo } from './slos.ts';

const record = (windows: string[]): RecordingRule[] =>
  slos.flatMap((slo) =>
    windows.flatMap((window) => [
      { record: `slo:events:increase${window}`, expr: slo.events(window), labels: { slo: slo.key } },
      { record: `slo:bad_events:increase${window}`, expr: slo.bad(window), labels: { slo: slo.key } },
    ]));

/** Both windows burn faster than the rate, and more than a few events are bad. Without events there is nothing to compare. */
function burning(slo: Slo, { long, short, rate, severity, spent }: Burn): AlertRule {
  const limit = `${rate} * ${budgetOf(slo)}`;
  return alert({
    name: slo.alert, severity, labels: { slo: slo.key, window: long },
    expr: [`${badRatio(long, slo)} > ${limit}`, `${badRatio(short, slo)} > ${limit}`, `${badIn(long, slo)} >= ${slo.leastBad}`].join('\nand '),
    summary: `${slo.title}: the promise is being broken`,
    description: `{{ $value | humanizePercentage }} were not good over ${long}, and it goes on: ${spent} is gone. ${slo.promise}`,
  });
}

export const sloGroups: Group[] = [
  { name: 'mediai-slo-short', interval: '30s', rules: record(shortWindows) },
  { name: 'mediai-slo-long', interval: '2m', rules: record(longWindows) },
  { name: 'mediai-slo-alerts', rules: slos.flatMap((slo) => burns.map((burn) => burning(slo, burn))) },
];
