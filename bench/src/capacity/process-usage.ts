import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds in one of Linux's clock ticks (USER_HZ, 100 everywhere that Node runs). */
const tickMs = 10;

type Stat = { parent: number; ownMs: number; endedMs: number };

/** From /proc/<pid>/stat (proc(5)): fields are counted behind the last `)`. Undefined for one that has ended. */
function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
    return { parent: fields[1] ?? 0, ownMs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * tickMs, endedMs: ((fields[13] ?? 0) + (fields[14] ?? 0)) * tickMs };
  } catch {
    return undefined;
  }
}

/** A process and its children, those that have ended included. */
function family(pid: number): { pid: number; stat: Stat }[] {
  const own = statOf(pid);
  if (!own) return [];
  const children = readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    return stat?.parent === pid ? [{ pid: Number(name), stat }] : [];
  });
  return [{ pid, stat: { ...own, ownMs: own.ownMs + own.endedMs } }, ...children];
}

/** CPU milliseconds that a process and its children have used since they began. */
export const cpuMs = (pid: number): number => family(pid).reduce((sum, { stat }) => sum + stat.ownMs, 0);

/** Bytes of memory that a process holds alone or shares equally (Pss), its children included; what is shared is counted once. */
export const memoryBytes = (pid: number): number => family(pid).reduce((sum, one) => sum + pssOf(one.pid), 0);

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // ended meanwhile
  }
}
