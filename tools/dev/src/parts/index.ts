import { ensureKafka } from './kafka.ts';
import { ensurePostgres } from './postgres.ts';
import { ensureRedis } from './redis.ts';
import type { Part, PartContext } from './part.ts';

export type Parts = { postgres: Part; redis: Part; kafka: Part; stop: () => Promise<void> };

/** Brings all three parts up at once. When one fails, those already up are stopped before the error goes on. */
export async function ensureParts(context: PartContext, onReady: (part: Part) => void = () => {}): Promise<Parts> {
  const note = async (coming: Promise<Part>) => {
    const part = await coming;
    onReady(part);
    return part;
  };
  const outcomes = await Promise.allSettled([note(ensurePostgres(context)), note(ensureRedis(context)), note(ensureKafka(context))]);
  const up = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async () => {
    await Promise.all(up.map((part) => part.stop()));
  };
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [postgres, redis, kafka] = up as [Part, Part, Part];
  return { postgres, redis, kafka, stop };
}
