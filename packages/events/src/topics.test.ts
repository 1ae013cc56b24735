import { expect, test } from '@jest/globals';
import { ensureTopics, topics } from './index.ts';

test('what was told of an account is compacted away within 7 days of its last state', async () => {
  const made: { topic: string; configEntries?: { name: string; value: string }[] }[] = [];
  const admin = { listTopics: async () => [topics.fiche.name], createTopics: async ({ topics: wanted }: { topics: typeof made }) => made.push(...wanted) > 0, fetchTopicOffsets: async () => [] };
  const names = await ensureTopics(admin, [topics.user, topics.fiche]);
  expect(names).toEqual(['mediai.auth.user.v1', 'mediai.auth.user.v1.dlq', 'mediai.consultation.fiche.v1.dlq']);
  expect(made.map(({ configEntries }) => Object.fromEntries(configEntries?.map(({ name, value }) => [name, value]) ?? []))).toEqual([
    { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': '604800000', 'segment.ms': '86400000' }, { 'retention.ms': '2592000000' }, { 'retention.ms': '2592000000' },
  ]);
});

test('new topics are waited for until their partitions are served; another fault is told', async () => {
  const fault = (type: string) => Object.assign(new Error(type), { type });
  const answers: (Error | undefined)[] = [
    fault('UNKNOWN_TOPIC_OR_PARTITION'),
    Object.assign(new Error('retries'), { cause: fault('NOT_LEADER_FOR_PARTITION') }),
    undefined, fault('LEADER_NOT_AVAILABLE'),
    undefined, undefined,
    fault('TOPIC_AUTHORIZATION_FAILED'),
  ];
  const admin = {
    listTopics: async () => [],
    createTopics: async () => true,
    fetchTopicOffsets: async () => {
      const answer = answers.shift();
      if (answer) throw answer;
      return [];
    },
  };
  await ensureTopics(admin, [topics.fiche]);
  expect(answers).toHaveLength(1);
  await expect(ensureTopics(admin, [topics.fiche])).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
});
