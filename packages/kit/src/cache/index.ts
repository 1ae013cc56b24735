export { createCache } from './create-cache.ts';
export type { Cache, CacheOptions, CacheState } from './create-cache.ts';
