import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeJson } from './json-file.ts';
import { createProcesses, isAlive, signalGroup, startTimeFromStat, startTimeOf } from './processes.ts';

const places = () => {
  const dir = mkdtempSync(join(tmpdir(), 'mediai-processes-'));
  return { logs: join(dir, 'logs'), pids: join(dir, 'pids') };
};
const sleeper = (name: string) => ({ name, command: '/bin/sh', args: ['-c', 'echo hello; sleep 300 & wait'], env: process.env });

describe('a process', () => {
  it('is known by its start time, so that a recycled pid is never signalled', async () => {
    const paths = places();
    const running = await createProcesses(paths).run(sleeper('mine'));
    const impostor = { pid: running.identity.pid, startedAt: '1' };
    expect(isAlive(running.identity)).toBe(true);
    expect(isAlive(impostor)).toBe(false);
    signalGroup(impostor, 'SIGKILL');
    await sleep(100);
    expect(isAlive(running.identity)).toBe(true);
    await running.stop();
    expect(isAlive(running.identity)).toBe(false);
  });

  it('reads the start time whatever the command is called', () => {
    const fields = Array.from({ length: 50 }, (_, i) => String(i + 3));
    expect(startTimeFromStat(`77 (a ) b (c) S ${fields.slice(1).join(' ')}`)).toBe('22');
    expect(startTimeFromStat(`77 (gone) Z ${fields.slice(1).join(' ')}`)).toBeUndefined();
    expect(startTimeOf(2 ** 30)).toBeUndefined();
  });

  it('ends with its whole group, and its pid file goes', async () => {
    const paths = places();
    const running = await createProcesses(paths).run({ ...sleeper('group'), args: ['-c', 'sleep 300 & echo $!; wait'] });
    while (running.logTail() === '') await sleep(20);
    const child = Number(running.logTail());
    const childStart = startTimeOf(child);
    expect(childStart).toBeDefined();
    await running.stop();
    await sleep(50);
    expect(startTimeOf(child)).toBeUndefined();
    expect(readdirSync(paths.pids)).toEqual([]);
  });

  it('left behind by a killed launcher is ended by the next one, and a stranger with its pid is not', async () => {
    const paths = places();
    const left = await createProcesses(paths).run(sleeper('left'));
    const stranger = await createProcesses(places()).run(sleeper('stranger'));
    writeJson(join(paths.pids, 'recycled.json'), { pid: stranger.identity.pid, startedAt: '1' });
    expect(await createProcesses(paths).endLeftovers()).toEqual(['left']);
    expect(isAlive(left.identity)).toBe(false);
    expect(isAlive(stranger.identity)).toBe(true);
    expect(readdirSync(paths.pids)).toEqual([]);
    await stranger.stop();
  });

  it('is not started once the session is ending', async () => {
    await expect(createProcesses(places(), AbortSignal.abort(new Error('ending'))).run(sleeper('late'))).rejects.toThrow('ending');
  });
});
