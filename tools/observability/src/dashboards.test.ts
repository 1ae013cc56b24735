import { describe, expect, test } from '@jest/globals';
import { faultsOfDashboard, type GrafanaDashboard, type GrafanaPanel } from './check/dashboard-faults.ts';
import { loadCatalog, loadDashboards } from './check/load.ts';

const dashboards = loadDashboards();
const catalog = loadCatalog();
const uids = new Set([...dashboards.values()].map(({ uid }) => uid ?? ''));

test.each([...dashboards.keys()])('%s is sound: expressions, series, labels, units, words, places, links', (name) => {
  expect(faultsOfDashboard(dashboards.get(name)!, catalog, uids)).toEqual([]);
});

test('no two dashboards share a uid', () => {
  expect(uids.size).toBe(dashboards.size);
});

test('histograms of what is traced show their traces', () => {
  const traced = /(api_request|grpc_server|task|event_handling)_duration_seconds_bucket/;
  const graphs = [...dashboards.values()].flatMap(({ panels }) => panels).filter(({ type }) => type === 'timeseries');
  const targets = graphs.flatMap(({ targets = [] }) => targets).filter(({ expr = '' }) => traced.test(expr));
  expect(targets.length).toBeGreaterThan(8);
  expect(targets.filter(({ exemplar }) => !exemplar).map(({ expr }) => expr)).toEqual([]);
});

describe('a dashboard is refused', () => {
  const withFault = (plant: (dashboard: GrafanaDashboard, panel: GrafanaPanel) => void): string[] => {
    const copy = structuredClone(dashboards.get('gateway.json')!);
    plant(copy, copy.panels.find(({ targets }) => targets)!);
    return faultsOfDashboard(copy, catalog, uids);
  };
  const asking = (expr: string, legendFormat = ''): string[] => withFault((_, panel) => Object.assign(panel.targets![0]!, { expr, legendFormat }));

  test.each<[string, string[], string]>([
    ['with an expression that does not parse', asking('sum(rate(api_requests_total[5m])'), 'does not parse'],
    ['with a variable that Grafana would not put in', asking('api_requests_total[$unknown]'), 'does not parse'],
    ['with a series that nothing emits', asking('sum(rate(api_request_total[5m]))'), 'no such series: api_request_total'],
    ['with a label that the series has not', asking('sum(rate(api_requests_total{code="500"}[5m]))'), 'has no label code'],
    ['with a value that the label never has', asking('sum(rate(deliveries_total{statut="sent"}[5m]))'), 'statut of deliveries_total is never sent'],
    ['with a grouping that nothing inside has', asking('sum by (topic) (rate(api_requests_total[5m]))'), 'has the label topic'],
    ['with a quantile that lost its buckets', asking('histogram_quantile(0.9, sum by (route) (rate(api_request_duration_seconds_bucket[5m])))'), 'needs the label le'],
    ['with a legend of a label that was summed away', asking('sum by (route) (rate(api_requests_total[5m]))', '{{status}}'), 'the legend names status'],
    ['with exemplars of what is no histogram', withFault((_, panel) => (panel.targets![0]!.exemplar = true)), 'exemplars are of histograms only'],
    ['without a unit', withFault((_, panel) => delete panel.fieldConfig!.defaults!.unit), 'no unit'],
    ['without a description', withFault((_, panel) => (panel.description = '')), 'no description'],
    ['with a fixed datasource', withFault((_, panel) => (panel.targets![0]!.datasource = { uid: 'P1809F7CD0C75ACF3' })), 'fixed datasource P1809F7CD0C75ACF3'],
    ['with a fixed datasource behind a variable', withFault((dashboard) => (dashboard.templating!.list![1]!.datasource = { uid: 'x' })), 'variable route names a fixed datasource'],
    ['with an id twice', withFault(({ panels }) => (panels[1]!.id = panels[2]!.id)), 'two panels have the id'],
    ['with panels over each other', withFault(({ panels }) => (panels[1]!.gridPos!.w = 20)), 'lies over'],
    ['with a link to no dashboard', withFault((_, panel) => (panel.links = [{ url: '/d/mediai-nowhere?x' }])), 'mediai-nowhere, which is no dashboard'],
  ])('%s', (_, faults, words) => {
    expect(faults.join('\n')).toContain(words);
  });
});
