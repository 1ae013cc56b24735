import type { AlertRule, Group, RecordingRule } from '../rules/rule.ts';
import type { Catalog } from './catalog.ts';
import { readExpression } from './read-expression.ts';

export const isAlert = (rule: AlertRule | RecordingRule): rule is AlertRule => 'alert' in rule;

/** What is wrong with groups of rules, each in a sentence. `hasFile` tells whether a path of the repository exists. */
export function faultsOfRules(groups: Group[], catalog: Catalog, hasFile: (path: string) => boolean): string[] {
  const names = groups.map(({ name }) => name);
  return [
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `two groups are called ${name}`),
    ...groups.flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? faultsOfAlert(rule, catalog, hasFile) : readExpression(rule.expr, catalog).faults).map((fault) => `${isAlert(rule) ? rule.alert : rule.record}: ${fault}`))),
  ];
}

function faultsOfAlert({ expr, labels, annotations }: AlertRule, catalog: Catalog, hasFile: (path: string) => boolean): string[] {
  const reading = readExpression(expr, catalog);
  const { summary, description, runbook_url: runbook } = annotations ?? {};
  const named = [...`${summary} ${description}`.matchAll(/\$labels\.(\w+)/g)].map((match) => match[1]!);
  return [
    ...reading.faults,
    ...(['page', 'ticket'].includes(labels?.severity ?? '') ? [] : ['severity is neither page nor ticket']),
    ...(summary && description ? [] : ['summary and description are to be given']),
    ...(runbook && hasFile(runbook) ? [] : [`no runbook at ${runbook}`]),
    ...named.filter((label) => !reading.labels.has(label) && !(label in labels)).map((label) => `its words name ${label}, which its result has not`),
  ];
}
