import { expect, test } from '@jest/globals';
import { ensureTopics, topics } from './index.ts';

test('what was told of an account is compacted away within 7 days of its last state', async () => {
  const made: { topic: string; configEntries?: { name: string; value: string }[] }[] = [];
  const admin = { listTopics: async () => [topics.fiche.name], createTopics: async ({ topics: wanted }: { topics: typeof made }) => made.push(...wanted) > 0, fetchTopicMetadata: async () => ({ topics: [] }) };
  const names = await ensureTopics(admin, [topics.user, topics.fiche]);
  expect(names).toEqual(['mediai.auth.user.v1', 'mediai.auth.user.v1.dlq', 'mediai.consultation.fiche.v1.dlq']);
  expect(made.map(({ configEntries }) => Object.fromEntries(configEntries?.map(({ name, value }) => [name, value]) ?? []))).toEqual([
    { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': '604800000', 'segment.ms': '86400000' }, { 'retention.ms': '2592000000' }, { 'retention.ms': '2592000000' },
  ]);
});

test('a new topic of which a broker has not heard yet is waited for; another fault is told', async () => {
  const partition = { partitionErrorCode: 0, partitionId: 0, replicas: [1], isr: [1] };
  const answers = [
    Object.assign(new Error('x'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' }),
    { topics: [{ name: 'x', partitions: [{ ...partition, leader: 1 }, { ...partition, leader: -1 }] }] },
    { topics: [{ name: 'x', partitions: [{ ...partition, leader: 1 }] }] },
    Object.assign(new Error('told'), { type: 'TOPIC_AUTHORIZATION_FAILED' }),
  ];
  const admin = {
    listTopics: async () => [],
    createTopics: async () => true,
    fetchTopicMetadata: async () => {
      const answer = answers.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  await ensureTopics(admin, [topics.fiche]);
  expect(answers).toHaveLength(1);
  await expect(ensureTopics(admin, [topics.fiche])).rejects.toThrow('told');
});
