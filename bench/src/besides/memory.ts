import { readFileSync } from 'node:fs';

/** Bytes of memory of one process: `rss` is what it has mapped in, what it shares counted in full; `pss` counts what is shared by its share. */
export type Memory = { rss: number; pss: number };

const kilobytesOf = (text: string, field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);

/** Reads VmRSS of /proc/<pid>/status and Pss of smaps_rollup (proc(5)), the texts of both given. */
export const readMemory = (status: string, smaps: string): Memory => ({ rss: kilobytesOf(status, 'VmRSS') * 1024, pss: kilobytesOf(smaps, 'Pss') * 1024 });

/** Memory of a running process, its children left out. Throws where it has ended. */
export const memoryOf = (pid: number): Memory => readMemory(readFileSync(`/proc/${pid}/status`, 'utf8'), readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));

/** What several processes hold together. */
export const sumOf = (all: readonly Memory[]): Memory => all.reduce((sum, { rss, pss }) => ({ rss: sum.rss + rss, pss: sum.pss + pss }), { rss: 0, pss: 0 });

export const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);
