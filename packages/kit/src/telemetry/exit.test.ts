import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
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

/** A collector that keeps the headers and bodies that it is sent. */
async function startCollector() {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createHttpServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { received, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('a process with telemetry', () => {
  test('sends its collector the headers that it was given and, of a share of nothing, what failed', async () => {
    const collector = await startCollector();
    await runProgram(`
      const telemetry = await startTelemetry({ service: 'essai', config: { OTEL_EXPORTER_OTLP_ENDPOINT: ${JSON.stringify(collector.endpoint)}, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20xyz', TRACES_RATIO: 0 } });
      await withSpan('went well', {}, () => undefined);
      await withSpan('failed', {}, () => Promise.reject(new Error('x'))).catch(() => undefined);
      console.log(JSON.stringify({ atMs: Date.now() }));
      await telemetry.shutdown();`);
    collector.close();
    expect(collector.received).toHaveLength(1);
    expect(collector.received[0]?.headers).toMatchObject({ authorization: 'Bearer xyz' });
    expect(collector.received[0]?.body).toContain('"failed"');
    expect(collector.received[0]?.body).not.toContain('went well');
  });

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
