/** Milliseconds in one of Linux's clock ticks (USER_HZ, 100 everywhere that Node runs). */
const tickMs = 10;

/** Of a process: its parent's pid, CPU milliseconds of its own, and of its children that have ended and been waited for. */
export type ProcStat = { parent: number; ownMs: number; endedMs: number };

/** Reads /proc/<pid>/stat (proc(5)): fields are counted behind the last `)`, for a command's name may hold spaces. */
export function parseStat(stat: string): ProcStat {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  const at = (n: number): number => fields[n] ?? 0;
  return { parent: at(1), ownMs: (at(11) + at(12)) * tickMs, endedMs: (at(13) + at(14)) * tickMs };
}

/** Bytes of a line of /proc/<pid>/smaps_rollup or status, whose values are in kB; 0 where it has none. */
export const parseKilobytes = (text: string, name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
