import type { Redis } from 'ioredis';
import type { Metrics, SeriesMakers } from '../metrics/index.ts';

/** Seconds: Redis answers in less than one millisecond, and is given up after 100. */
const commandBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25];

/** The series of Redis. */
export const redisMetrics = ({ gauge, histogram }: SeriesMakers) => {
  let isUp = (): boolean => false;
  gauge('redis_up', 'Whether Redis answers this process.', [], (self) => self.set(isUp() ? 1 : 0));
  return {
    commandDuration: histogram('redis_command_duration_seconds', 'Time of a Redis command, failed ones included.', ['command'], commandBuckets),
    watch: (up: () => boolean): void => void (isUp = up),
  };
};

/**
 * Times every command of a connection by its name, never its keys; `isUp` is asked as the series are read. For one
 * connection of a process.
 */
export function observeRedis(redis: Redis, { metrics, isUp }: { metrics: Metrics; isUp: () => boolean }): void {
  const { commandDuration, watch } = metrics.once(redisMetrics);
  watch(isUp);
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    const startedMs = performance.now();
    const timed = (): void => commandDuration.observe({ command: command.name }, (performance.now() - startedMs) / 1_000);
    command.promise.then(timed, timed);
    return send(command, stream);
  };
}
