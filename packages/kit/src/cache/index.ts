export { createCache } from './create-cache.ts';
export type { Cache, CacheOptions, CacheState } from './create-cache.ts';
export { observeRedis, redisMetrics } from './observe-redis.ts';
export { createSealedCache } from './sealed-cache.ts';
export type { SealedCache } from './sealed-cache.ts';
