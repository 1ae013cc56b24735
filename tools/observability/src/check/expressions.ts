import { clusterSeries } from './catalog.ts';
import { labelsInLegend } from './dashboard-faults.ts';
import { loadCatalog, loadDashboards, loadGroups } from './load.ts';
import { readExpression, substituted } from './read-expression.ts';
import { isAlert } from './rule-faults.ts';

export type Expression = {
  /** Dashboard and panel, or the recorded series. */
  where: string;
  /** As Prometheus gets it. */
  expr: string;
  /** Labels that it names: a series of its result has them all. */
  labels: string[];
  /** Asks series that only a cluster has. */
  isOfCluster: boolean;
  unit: string;
};

/**
 * Every expression of every committed dashboard, their variables put in, and of every recording rule.
 * @param range what `$__range` stands for
 */
export function listExpressions(range: string): Expression[] {
  const catalog = loadCatalog();
  const describe = (where: string, raw: string, unit: string, legend?: string): Expression => {
    const expr = substituted(raw, range);
    const { series, labels, grouped } = readExpression(expr, catalog);
    return { where, expr, unit, labels: [...new Set([...grouped, ...labelsInLegend(legend)])].filter((label) => labels.has(label)), isOfCluster: [...series].some((name) => clusterSeries.test(name)) };
  };
  const ofPanels = [...loadDashboards()].flatMap(([file, { panels }]) =>
    panels.flatMap(({ title, targets = [], fieldConfig }) => targets.map(({ expr = '', legendFormat }) => describe(`${file}: ${title}`, expr, fieldConfig?.defaults?.unit ?? '', legendFormat))));
  const recorded = loadGroups().flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? [] : [describe(`${rule.record} (${rule.labels?.['slo']})`, rule.expr, '')])));
  return [...ofPanels, ...recorded];
}
