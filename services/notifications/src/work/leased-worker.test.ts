import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '@mediai/kit/log';
import { currentTrace, startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createLeasedWorker } from './leased-worker.ts';

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'essai' });
});
afterAll(() => telemetry.shutdown());

test('an item is run, and its failure told, in the trace that asked for it; one that names none is in none of another’s', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const due = [{ traceparent: `00-${traceId}-b7ad6b7169203331-01` }, { traceparent: null }];
  const lines: string[] = [];
  const seen: (string | undefined)[] = [];
  const both = Promise.withResolvers<void>();
  const worker = createLeasedWorker({
    task: 'essai', claim: async (limit) => due.splice(0, limit), log: createLogger({ service: 'essai', stream: { write: (line) => void lines.push(line) } }),
    run: async () => {
      if (seen.push(currentTrace()?.traceId) === 2) both.resolve();
      throw new Error('Canarina');
    },
  });
  worker.start();
  await both.promise;
  await worker.stop();
  expect(seen).toEqual([traceId, undefined]);
  expect(lines.map((line) => (JSON.parse(line) as { trace_id?: string }).trace_id)).toEqual([traceId, undefined]);
  expect(lines.join()).not.toContain('Canarina');
});
