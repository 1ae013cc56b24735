import type { Admin } from 'kafkajs';

export type TopicDefinition = { name: string; partitions: number; compacted: boolean };

/** Every topic of the suite; each has a dead-letter topic beside it. */
export const topics = {
  user: { name: 'mediai.auth.user.v1', partitions: 3, compacted: true },
  etablissement: { name: 'mediai.auth.etablissement.v1', partitions: 1, compacted: true },
  fiche: { name: 'mediai.consultation.fiche.v1', partitions: 3, compacted: false },
  analyse: { name: 'mediai.ia.analyse.v1', partitions: 3, compacted: false },
  appointment: { name: 'mediai.appointments.appointment.v1', partitions: 3, compacted: false },
  delivery: { name: 'mediai.notifications.delivery.v1', partitions: 3, compacted: false },
} as const satisfies Record<string, TopicDefinition>;

const dayMs = 24 * 3600 * 1000;
/** How long a topic that is not compacted keeps an event. */
export const retentionDays = 30;
const retentionMs = retentionDays * dayMs;
/** An older state that a newer one replaced is gone by then, names and phone of a person who was forgotten included; Kafka's own default is never. */
const compactedWithinMs = 7 * dayMs;

/** Name of the topic where what could not be taken from `topic` is parked. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}

/** A topic as a broker is told of it; `config` by the broker's own names. */
export type TopicSettings = { name: string; partitions: number; config: Record<string, string> };

/** The topics with what they are created with, each followed by its dead-letter topic. */
export function topicSettings(wanted: readonly TopicDefinition[] = Object.values(topics)): TopicSettings[] {
  return wanted.flatMap((topic) => [topic, { name: deadLetterTopic(topic.name), partitions: 1, compacted: false }]).map(({ name, partitions, compacted }) => ({
    name,
    partitions,
    config: configOf(compacted),
  }));
}

function configOf(compacted: boolean): Record<string, string> {
  if (!compacted) return { 'retention.ms': String(retentionMs) };
  return { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': String(compactedWithinMs), 'segment.ms': String(dayMs) };
}

/** Create the topics that are missing, and wait until brokers serve every partition of them. Replication is the broker's default (`default.replication.factor`). */
export async function ensureTopics(admin: Pick<Admin, 'listTopics' | 'createTopics' | 'fetchTopicOffsets'>, wanted?: readonly TopicDefinition[]): Promise<string[]> {
  const present = new Set(await admin.listTopics());
  const missing = topicSettings(wanted).filter((topic) => !present.has(topic.name));
  if (missing.length === 0) return [];
  await admin.createTopics({
    waitForLeaders: false, // that wait ends in an error where a broker has not heard of a new topic yet
    topics: missing.map(({ name, partitions, config }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: -1,
      configEntries: Object.entries(config).map(([entry, value]) => ({ name: entry, value })),
    })),
  });
  const names = missing.map((topic) => topic.name);
  await untilServed(admin, names);
  return names;
}

const notYet = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'];

/** A topic is known before its partitions are there: whoever wrote in between would write some records twice. */
async function untilServed(admin: Pick<Admin, 'fetchTopicOffsets'>, names: string[]): Promise<void> {
  for (const limit = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    try {
      for (const name of names) await admin.fetchTopicOffsets(name);
      return;
    } catch (error) {
      const { type, cause } = error as { type?: string; cause?: { type?: string } };
      if (!notYet.includes(type ?? cause?.type ?? '') || Date.now() > limit) throw error;
    }
  }
}

/**
 * Delete every topic of the suite with all it holds, and make them anew, empty; what groups had read of them is forgotten
 * with them. For databases that were brought back to an earlier state: what topics hold of a time that never was must
 * reach nobody. No service may run meanwhile.
 */
export async function emptyTopics(admin: Pick<Admin, 'listTopics' | 'createTopics' | 'deleteTopics' | 'fetchTopicOffsets'>): Promise<void> {
  const ours = Object.values(topics).flatMap(({ name }) => [name, deadLetterTopic(name)]);
  const present = new Set(await admin.listTopics());
  const doomed = ours.filter((name) => present.has(name));
  if (doomed.length > 0) await admin.deleteTopics({ topics: doomed });
  for (const limit = Date.now() + 60_000; (await admin.listTopics()).some((name) => doomed.includes(name));) {
    if (Date.now() > limit) throw new Error('the topics are still there a minute after they were deleted');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await ensureTopics(admin);
}
