import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const kit = new URL('..', import.meta.url).href;

/** Starts a service of three lines whose `close` is given, waits until it listens for signals, and says how it ended. */
async function startProcess(close: string, graceMs: number, extra = '') {
  const program = `
    import { createLogger } from '${kit}log/index.ts';
    import { runUntilSignal } from '${kit}shutdown/index.ts';
    runUntilSignal({ log: createLogger({ service: 'essai' }), graceMs: ${graceMs}, close: async () => { ${close} } });
    setInterval(() => undefined, 1000);
    console.log('up');
    ${extra}`;
  const child = spawn(process.execPath, ['--conditions=@mediai/source', '--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exit = once(child, 'exit');
  while (!output.includes('up')) await once(child.stdout, 'data');
  return { signal: (name: NodeJS.Signals) => child.kill(name), output: () => output, exitCode: async () => ((await exit) as [number])[0] };
}

describe('a stopping process', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('closes on %s and exits with 0', async (name) => {
    const service = await startProcess("await new Promise((resolve) => setTimeout(resolve, 100)); console.log('done')", 5_000);
    service.signal(name);
    expect(await service.exitCode()).toBe(0);
    expect(service.output()).toContain('done');
  });

  test('exits with 1 when closing fails', async () => {
    const service = await startProcess("throw new Error('x')", 5_000);
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(1);
    expect(service.output()).toContain('close failed');
  });

  test('exits with 1 when closing takes longer than its bound', async () => {
    const service = await startProcess('await new Promise(() => undefined)', 200);
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(1);
    expect(service.output()).toContain('close took too long');
  });

  test('exits at once on a second signal', async () => {
    const service = await startProcess("console.log('closing'); await new Promise(() => undefined)", 60_000);
    service.signal('SIGTERM');
    while (!service.output().includes('closing')) await new Promise((resolve) => setTimeout(resolve, 10));
    service.signal('SIGINT');
    expect(await service.exitCode()).toBe(1);
  });

  test.each(["throw new Error('Mwamba Kabila')", "Promise.reject(new Error('Mwamba Kabila'))"])('an uncaught error is logged without its text, closed and exits with 1: %s', async (statement) => {
    const service = await startProcess("console.log('done')", 5_000, `setTimeout(() => { ${statement} }, 10);`);
    expect(await service.exitCode()).toBe(1);
    expect(service.output()).toContain('done');
    expect(service.output()).toContain('uncaught error');
    expect(service.output()).not.toContain('Mwamba');
  });
});
