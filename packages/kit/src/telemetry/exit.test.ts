import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
const index = new URL('./index.ts', import.meta.url).href;

/** Runs a program in a process of its own and gives what it wrote and how long it took from `mark()` to its end. */
async function runProgram(body: string): Promise<{ output: string; endedAfterMs: number }> {
  const program = `import { startTelemetry, withSpan, currentTraceparent } from ${JSON.stringify(index)};\n${body}`;
  const { stdout } = await run(process.execPath, ['--conditions=@mediai/source', '--input-type=module', '-e', program]);
  const { atMs, ...rest } = JSON.parse(stdout) as { atMs: number };
  return { output: JSON.stringify(rest), endedAfterMs: Date.now() - atMs };
}

describe('a process with telemetry', () => {
  test('ends at once when its collector swallows everything', async () => {
    const collector = createServer(() => undefined);
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as { port: number };
    const { endedAfterMs } = await runProgram(`
      const telemetry = await startTelemetry({ service: 'essai', config: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:${port}' } });
      await withSpan('s', {}, () => undefined);
      console.log(JSON.stringify({ atMs: Date.now() }));
      await telemetry.shutdown();
      process.exit(0);`);
    collector.close();
    expect(endedAfterMs).toBeLessThan(3_000);
  });

  test('ends by itself when its collector refuses, and when there is none', async () => {
    for (const endpoint of ['http://127.0.0.1:9', undefined]) {
      const { endedAfterMs } = await runProgram(`
        const telemetry = await startTelemetry({ service: 'essai', config: { OTEL_EXPORTER_OTLP_ENDPOINT: ${JSON.stringify(endpoint)} } });
        await withSpan('s', {}, () => undefined);
        console.log(JSON.stringify({ atMs: Date.now() }));
        await telemetry.shutdown();`);
      expect(endedAfterMs).toBeLessThan(4_000);
    }
  });

  test('propagates a traceparent without any collector', async () => {
    const { output } = await runProgram(`
      await startTelemetry({ service: 'essai' });
      const traceparent = await withSpan('s', {}, () => currentTraceparent());
      console.log(JSON.stringify({ atMs: Date.now(), traceparent }));`);
    expect(output).toMatch(/"traceparent":"00-[0-9a-f]{32}-[0-9a-f]{16}-01"/);
  });
});
