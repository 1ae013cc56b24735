import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Server = { pid: number; logFile: string; stop: () => Promise<void> };

const readyMs = 30_000;

/**
 * Starts a server of the bench's own and returns once it has said `ready`. It ends with this process, however that ends.
 * @throws with its last words where it does not get ready
 */
export async function startServer({ name, script, env, logs }: { name: string; script: string; env: NodeJS.ProcessEnv; logs: string }): Promise<Server> {
  const logFile = join(logs, `${name}.log`);
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => child.once('exit', () => (process.removeListener('exit', kill), resolve())));
  let words = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error(`${name} did not get ready: ${words.slice(-500)}`));
    const late = setTimeout(() => (kill(), fail()), readyMs);
    child.once('error', reject).once('exit', () => (clearTimeout(late), fail()));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        words = `${words}${line}\n`.slice(-2_000);
        if (line.trim() !== 'ready') return;
        clearTimeout(late);
        resolve();
      });
    }
  });
  return {
    pid: child.pid ?? 0,
    logFile,
    stop: async () => {
      child.kill('SIGTERM');
      const insist = setTimeout(kill, 5_000);
      await ended;
      clearTimeout(insist);
      log.end();
    },
  };
}
