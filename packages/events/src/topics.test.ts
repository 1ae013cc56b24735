import { expect, test } from '@jest/globals';
import { ensureTopics, topics } from './index.ts';

test('what was told of an account is compacted away within 7 days of its last state', async () => {
  const made: { topic: string; configEntries?: { name: string; value: string }[] }[] = [];
  const admin = { listTopics: async () => [topics.fiche.name], createTopics: async ({ topics: wanted }: { topics: typeof made }) => made.push(...wanted) > 0 };
  const names = await ensureTopics(admin, [topics.user, topics.fiche]);
  expect(names).toEqual(['mediai.auth.user.v1', 'mediai.auth.user.v1.dlq', 'mediai.consultation.fiche.v1.dlq']);
  expect(made.map(({ configEntries }) => Object.fromEntries(configEntries?.map(({ name, value }) => [name, value]) ?? []))).toEqual([
    { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': '604800000', 'segment.ms': '86400000' }, { 'retention.ms': '2592000000' }, { 'retention.ms': '2592000000' },
  ]);
});
