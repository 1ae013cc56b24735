import type { Expression } from '@mediai/observability';
import type { Series } from './prometheus-server.ts';

/** What is wrong with Prometheus' answer to an expression; undefined where a series has numbers and every label that is named. */
export function faultOfAnswer({ labels }: Pick<Expression, 'labels'>, series: Series[]): string | undefined {
  const withNumbers = series.filter(({ values }) => values.some(([, value]) => value !== 'NaN'));
  if (withNumbers.length === 0) return series.length > 0 ? 'no number in any series' : 'no series';
  const isComplete = withNumbers.some(({ metric }) => labels.every((label) => metric[label]));
  return isComplete ? undefined : `no series with the labels ${labels.join(', ')}`;
}
