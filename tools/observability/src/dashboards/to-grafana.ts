import { GraphThresholdsStyleConfigBuilder, GraphThresholdsStyleMode, LegendDisplayMode, LegendPlacement, ReduceDataOptionsBuilder, SortOrder, StackingConfigBuilder, StackingMode, TooltipDisplayMode, VisibilityMode, VizLegendOptionsBuilder, VizTooltipOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { AnnotationQueryBuilder, DashboardBuilder, DashboardCursorSync, DashboardLinkBuilder, DashboardLinkType, DatasourceVariableBuilder, QueryVariableBuilder, RowBuilder, ThresholdsConfigBuilder, ThresholdsMode, VariableRefresh, VariableSort, type GridPos, type Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as NumberBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Choice, Dashboard, Panel, Query, Row, Step } from './panel.ts';

/** Never a fixed datasource: the one that is chosen at the top. */
const datasource = { type: 'prometheus', uid: '${datasource}' };
const tag = 'mediai';
const gridWidth = 24;

/** Grafana's uid of a dashboard. */
export const uidOf = (key: string): string => `mediai-${key}`;

/** A dashboard as Grafana's file provisioning reads it: plain data. */
export function toGrafana({ key, title, description, choices, rows }: Dashboard): Record<string, unknown> {
  const builder = new DashboardBuilder(`MediAI · ${title}`)
    .uid(uidOf(key)).description(description).tags([tag]).readonly().timezone('browser').tooltip(DashboardCursorSync.Crosshair)
    .refresh('30s').time({ from: 'now-3h', to: 'now' })
    .link(new DashboardLinkBuilder('Dashboards').type(DashboardLinkType.Dashboards).tags([tag]).asDropdown(true).keepTime(true).includeVars(true))
    .annotation(new AnnotationQueryBuilder().name('Alerts').datasource(datasource).enable(true).iconColor('red').expr('ALERTS{alertstate="firing", severity="page"}').titleFormat('{{alertname}}').textFormat('{{service}}{{slo}}'))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  for (const choice of choices) builder.withVariable(variable(choice));
  const dashboard = builder.build();
  dashboard.panels = layOut(rows);
  return JSON.parse(JSON.stringify(dashboard)) as Record<string, unknown>;
}

/** All of them unless told: Grafana then names each, so that series of others, without the label, are not among them. */
const variable = ({ name, label, series, of }: Choice) =>
  new QueryVariableBuilder(name).label(label).datasource(datasource).query({ query: `label_values(${series}, ${of})`, refId: name })
    .multi(true).includeAll(true).current({ text: 'All', value: '$__all' }).refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.AlphabeticalAsc);

type Placed = ReturnType<GraphBuilder['build']> | ReturnType<RowBuilder['build']>;

/** From left to right, a new line where one is full; all panels of a line are as high as its highest. */
function layOut(rows: Row[]): Placed[] {
  const placed: Placed[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({ ...new RowBuilder(title).build(), id: placed.length + 1, gridPos: { x: 0, y, w: gridWidth, h: 1 } });
    y += 1;
    for (const line of linesOf(panels)) {
      const h = Math.max(...line.map(heightOf));
      let x = 0;
      for (const panel of line) {
        const w = widthOf(panel);
        placed.push(toPanel(panel, placed.length + 1, { x, y, w, h }));
        x += w;
      }
      y += h;
    }
  }
  return placed;
}

const widthOf = ({ width = 8 }: Panel): number => width;
const heightOf = ({ kind }: Panel): number => (kind === 'number' ? 4 : 8);

function linesOf(panels: Panel[]): Panel[][] {
  const lines: Panel[][] = [];
  let free = 0;
  for (const panel of panels) {
    if (widthOf(panel) > free) {
      lines.push([]);
      free = gridWidth;
    }
    lines.at(-1)!.push(panel);
    free -= widthOf(panel);
  }
  return lines;
}

function toPanel(panel: Panel, id: number, gridPos: GridPos): Placed {
  const { kind, title, description, unit, max, steps = [], more } = panel;
  const builder = kind === 'graph' ? graph(panel) : kind === 'number' ? number() : table();
  builder.id(id).gridPos(gridPos).title(title).description(description).datasource(datasource).unit(unit)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsOf(steps)))
    .targets(panel.queries.map((query, at) => target(query, kind, at)));
  if (max !== undefined && kind === 'graph') builder.min(0).max(max);
  // Counts over a range are extrapolated: parts of an event are no news.
  if (unit === 'short' && kind !== 'graph') builder.decimals(0);
  if (more) builder.links([new DashboardLinkBuilder('More').type(DashboardLinkType.Link).url(`/d/${uidOf(more)}?\${datasource:queryparam}`).keepTime(true)]);
  return builder.build();
}

const stepsOf = (steps: Step[]): Threshold[] => {
  const all = steps.map(({ from, color }) => ({ value: Number.isFinite(from) ? from : null, color }));
  return all[0]?.value === null ? all : [{ value: null, color: 'green' }, ...all];
};

function target({ expr, legend, exemplar }: Query, kind: Panel['kind'], at: number): DataqueryBuilder {
  const query = new DataqueryBuilder().datasource(datasource).refId(String.fromCodePoint(65 + at)).expr(expr).legendFormat(legend);
  if (kind === 'graph') return exemplar ? query.range().exemplar(true) : query.range();
  return kind === 'table' ? query.instant().format(PromQueryFormat.Table) : query.instant();
}

function graph({ stacked, steps = [] }: Panel): GraphBuilder {
  const builder = new GraphBuilder().lineWidth(1).fillOpacity(stacked ? 30 : 5).showPoints(VisibilityMode.Never)
    .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.Table).placement(LegendPlacement.Bottom).showLegend(true).calcs(['lastNotNull', 'max']))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (steps.length > 0) builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return builder;
}

const number = (): NumberBuilder => new NumberBuilder().reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));

/** One line per series: its labels, then its value. */
const table = (): TableBuilder => new TableBuilder().showHeader(true).withTransformation({ id: 'organize', options: { excludeByName: { Time: true } } });
