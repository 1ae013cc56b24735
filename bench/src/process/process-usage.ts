import { readdirSync, readFileSync } from 'node:fs';
import { parseKilobytes, parseStat, type ProcStat } from './proc-stat.ts';

/** A file of /proc; undefined for a process that has ended. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function statOf(pid: number): ProcStat | undefined {
  const text = readProc(pid, 'stat');
  return text === undefined ? undefined : parseStat(text);
}

/** Processes that run, each with its stat. */
function processes(): Map<number, ProcStat> {
  const found = new Map<number, ProcStat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat) found.set(Number(name), stat);
  }
  return found;
}

/** A process and its children that run. */
const family = (pid: number, all: Map<number, ProcStat>): number[] => (all.has(pid) ? [pid, ...[...all].flatMap(([child, { parent }]) => (parent === pid ? [child] : []))] : []);

/** CPU milliseconds that each process and its children, those that have ended included, have used since they began. */
export function cpuMs(pids: Readonly<Record<string, number>>): Record<string, number> {
  const all = processes();
  const used = (pid: number): number => family(pid, all).reduce((sum, one) => sum + (all.get(one)?.ownMs ?? 0), all.get(pid)?.endedMs ?? 0);
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, used(pid)]));
}

/** Bytes of memory of each process and its children: resident (what several share counts for each), and with what is shared divided among its sharers (Pss). */
export function memoryBytes(pids: Readonly<Record<string, number>>): Record<string, { rss: number; pss: number }> {
  const all = processes();
  const sum = (pid: number, name: string): number => family(pid, all).reduce((bytes, one) => bytes + parseKilobytes(readProc(one, 'smaps_rollup') ?? '', name), 0);
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, { rss: sum(pid, 'Rss'), pss: sum(pid, 'Pss') }]));
}
