import type { Query } from './panel.ts';

type Selection = {
  /** Matchers of labels, as PromQL writes them between braces. */
  where?: string;
  /** Labels that stay apart. */
  by?: string[];
};

const selector = (series: string, where = ''): string => (where ? `${series}{${where}}` : series);
const aggregate = (operator: string, by: string[], inner: string): string => (by.length > 0 ? `${operator} by (${by.join(', ')}) (${inner})` : `${operator}(${inner})`);
const legendOf = (by: string[], fallback: string): string => (by.length > 0 ? by.map((label) => `{{${label}}}`).join(' · ') : fallback);

/** How much a counter grows per second. */
export const rateOf = (counter: string, { where, by = [] }: Selection = {}): string => aggregate('sum', by, `rate(${selector(counter, where)}[$__rate_interval])`);

/** Growth of a counter per second, a series for each value of `by`. */
export const perSecond = (counter: string, { where, by = [] }: Selection = {}, legend = legendOf(by, counter)): Query => ({ expr: rateOf(counter, { where, by }), legend });

/** Growth of a counter over the range that is shown. */
export const total = (counter: string, { where, by = [] }: Selection = {}, legend = legendOf(by, counter)): Query => ({
  expr: aggregate('sum', by, `increase(${selector(counter, where)}[$__range])`), legend,
});

/** The most that any replica says: each of them reads the same database. */
export const most = (gauge: string, { where, by = [] }: Selection = {}, legend = legendOf(by, gauge)): Query => ({ expr: aggregate('max', by, selector(gauge, where)), legend });

/** A gauge of processes, added up. */
export const added = (gauge: string, { where, by = [] }: Selection = {}, legend = legendOf(by, gauge)): Query => ({ expr: aggregate('sum', by, selector(gauge, where)), legend });

/** A quantile of a histogram, with the traces behind it. */
export const quantile = (q: number, histogram: string, { where, by = [] }: Selection = {}, legend = by.length > 0 ? legendOf(by, '') : `p${q * 100}`): Query => ({
  expr: `histogram_quantile(${q}, ${aggregate('sum', ['le', ...by], `rate(${selector(`${histogram}_bucket`, where)}[$__rate_interval])`)})`,
  legend,
  exemplar: true,
});

/** Half, 95 and 99 of 100. */
export const quantiles = (histogram: string, selection: Selection = {}): Query[] => [0.5, 0.95, 0.99].map((q) => quantile(q, histogram, selection, `p${q * 100}`));

/** What part of a counter's growth has some labels: 0 to 1, nothing while it does not grow. */
export const share = (counter: string, part: string, { where, by = [] }: Selection = {}, legend = legendOf(by, 'share')): Query => {
  const whole = rateOf(counter, { where, by });
  const some = rateOf(counter, { where: [where, part].filter(Boolean).join(', '), by });
  return { expr: `(${some} or 0 * ${whole}) / (${whole} > 0)`, legend };
};
