import { readExpression, substituted } from './read-expression.ts';
import type { Catalog } from './catalog.ts';

type Target = { refId?: string; expr?: string; legendFormat?: string; exemplar?: boolean; datasource?: { uid?: string } };
export type GrafanaPanel = {
  id?: number; type: string; title?: string; description?: string; datasource?: { uid?: string }; targets?: Target[]; links?: { url?: string }[];
  gridPos?: { x: number; y: number; w: number; h: number }; fieldConfig?: { defaults?: { unit?: string } };
};
export type GrafanaDashboard = {
  uid?: string; title?: string; description?: string; panels: GrafanaPanel[];
  templating?: { list?: { name: string; type: string; datasource?: { uid?: string }; query?: unknown }[] };
  annotations?: { list?: { name: string; datasource?: { uid?: string }; expr?: string }[] };
};

const datasourceVariable = '${datasource}';

/** Labels that a legend names. */
export const labelsInLegend = (legend = ''): string[] => [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]!);

/** What is wrong with a dashboard, each in a sentence that says where. `uids` are those of all dashboards. */
export function faultsOfDashboard(dashboard: GrafanaDashboard, catalog: Catalog, uids: ReadonlySet<string>): string[] {
  const { panels, templating, annotations } = dashboard;
  const variables = templating?.list ?? [];
  return [
    ...(dashboard.uid && dashboard.title && dashboard.description ? [] : ['uid, title and description are to be given']),
    ...(variables.some(({ type, name }) => type === 'datasource' && name === 'datasource') ? [] : ['no variable chooses the datasource']),
    ...variables.flatMap((variable) => (variable.type === 'query' ? faultsOfVariable(variable, catalog) : [])),
    ...(annotations?.list ?? []).flatMap(({ name, datasource, expr }) => [
      ...(datasource?.uid === datasourceVariable ? [] : [`annotation "${name}" names a fixed datasource`]),
      ...(expr ? readExpression(substituted(expr), catalog).faults.map((fault) => `annotation "${name}": ${fault}`) : []),
    ]),
    ...repeated(panels.map(({ id }) => id)).map((id) => `two panels have the id ${id}`),
    ...overlaps(panels),
    ...panels.flatMap((panel) => (panel.type === 'row' ? [] : faultsOfPanel(panel, catalog, uids).map((fault) => `"${panel.title}": ${fault}`))),
  ];
}

function faultsOfVariable({ name, datasource, query }: { name: string; datasource?: { uid?: string }; query?: unknown }, catalog: Catalog): string[] {
  const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec((query as { query?: string }).query ?? '') ?? [];
  const { faults, labels } = readExpression(substituted(selector), catalog);
  return [
    ...(datasource?.uid === datasourceVariable ? [] : [`variable ${name} names a fixed datasource`]),
    ...faults.map((fault) => `variable ${name}: ${fault}`),
    ...(labels.has(label) ? [] : [`variable ${name}: ${selector} has no label ${label}`]),
  ];
}

function faultsOfPanel(panel: GrafanaPanel, catalog: Catalog, uids: ReadonlySet<string>): string[] {
  const { title, description, datasource, targets = [], links = [], fieldConfig } = panel;
  const linked = links.flatMap(({ url = '' }) => /^\/d\/([\w-]+)/.exec(url)?.[1] ?? []);
  return [
    ...(title ? [] : ['no title']),
    ...(description ? [] : ['no description']),
    ...(fieldConfig?.defaults?.unit ? [] : ['no unit']),
    ...(targets.length > 0 ? [] : ['no query']),
    ...[datasource, ...targets.map((target) => target.datasource)].flatMap((each) => (each?.uid === datasourceVariable ? [] : [`fixed datasource ${each?.uid}`])),
    ...repeated(targets.map(({ refId }) => refId)).map((id) => `two queries have the refId ${id}`),
    ...linked.filter((uid) => !uids.has(uid)).map((uid) => `leads to ${uid}, which is no dashboard`),
    ...targets.flatMap((target) => faultsOfTarget(target, catalog)),
  ];
}

function faultsOfTarget({ expr = '', legendFormat, exemplar }: Target, catalog: Catalog): string[] {
  const { faults, labels, series } = readExpression(substituted(expr), catalog);
  if (faults.length > 0) return faults;
  return [
    ...labelsInLegend(legendFormat).filter((label) => !labels.has(label)).map((label) => `the legend names ${label}, which the result has not: ${expr}`),
    ...(exemplar && ![...series].some((name) => name.endsWith('_bucket')) ? [`exemplars are of histograms only: ${expr}`] : []),
  ];
}

function repeated<T>(values: T[]): T[] {
  return values.filter((value, at) => values.indexOf(value) !== at);
}

function overlaps(panels: GrafanaPanel[]): string[] {
  return panels.flatMap((one, at) => {
    const a = one.gridPos;
    if (!a) return [`"${one.title}" has no place`];
    const outside = a.x + a.w > 24 ? [`"${one.title}" is wider than the page`] : [];
    const under = panels.slice(at + 1).filter(({ gridPos: b }) => b && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h);
    return [...outside, ...under.map((other) => `"${one.title}" lies over "${other.title}"`)];
  });
}
