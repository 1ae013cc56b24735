import { expect, test } from '@jest/globals';
import { createMetrics } from '@mediai/kit/metrics';
import { consumerMetrics } from './event-metrics.ts';

test('a group tells 0 dead letters of each of its topics before the first, which is then seen as growth', async () => {
  const metrics = createMetrics('ia');
  const { begin, count } = metrics.once(consumerMetrics);
  begin('ia', ['a', 'b']);
  count('ia', 'b', 'dead_letter');
  const text = await metrics.registry.metrics();
  expect(text).toContain('dead_letters_total{group="ia",topic="a",service="ia"} 0');
  expect(text).toContain('dead_letters_total{group="ia",topic="b",service="ia"} 1');
});
