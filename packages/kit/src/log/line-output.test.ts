import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';

const index = new URL('./index.ts', import.meta.url).href;

/** What a program has written by its end, however it ended. */
function runProgram(body: string): Promise<string[]> {
  const program = `import { createLogger } from ${JSON.stringify(index)};\nconst log = createLogger({ service: 'essai' });\n${body}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--conditions=@mediai/source', '--input-type=module', '-e', program], (_, stdout) => resolve(stdout.split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { msg: string }).msg)));
  });
}

test('a line is there within a tenth of a second, though the process lives on and is killed', async () => {
  expect(await runProgram(`log.info('one'); log.info('two'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1_000);`)).toEqual(['one', 'two']);
});

test('a warning takes along what waited, at once', async () => {
  expect(await runProgram(`log.info('one'); log.warn('two'); log.info('three'); process.kill(process.pid, 'SIGKILL');`)).toEqual(['one', 'two']);
});

test.each([['exits', 'process.exit(1);'], ['comes to its end', ''], ['throws', "throw new Error('x');"]])('nothing is lost of a process that %s', async (_, end) => {
  expect(await runProgram(`log.info('one'); log.child({ topic: 't' }).info('two'); ${end}`)).toEqual(['one', 'two']);
});

test('lines keep their order, however many there are', async () => {
  expect(await runProgram(`for (let n = 0; n < 2_000; n += 1) log[n % 500 === 0 ? 'warn' : 'info'](String(n));`)).toEqual(Array.from({ length: 2_000 }, (_, n) => String(n)));
});
