import { describe, expect, it } from '@jest/globals';
import { startSandbox } from './sandbox.ts';

describe('the collector of traces', () => {
  it('keeps spans with their service and their times, and gives those of one trace', async () => {
    const sandbox = await startSandbox();
    const span = (traceId: string, name: string) => ({ traceId, spanId: `s-${name}`, name, startTimeUnixNano: '1764373200123456789', endTimeUnixNano: '1764373200125000000', attributes: [{ key: 'http.route', value: { stringValue: '/x' } }] });
    const body = { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'ia' } }] }, scopeSpans: [{ spans: [span('t1', 'a'), span('t2', 'b')] }] }] };
    const posted = await fetch(`${sandbox.url}/otlp/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect(posted.status).toBe(200);
    const answer = (await (await fetch(`${sandbox.url}/sandbox/traces?trace_id=t2`)).json()) as unknown;
    expect(answer).toEqual({ spans: [{ service: 'ia', traceId: 't2', spanId: 's-b', parentSpanId: '', name: 'b', startMs: 1764373200123.456, endMs: 1764373200125, attributes: { 'http.route': '/x' } }] });
    await sandbox.close();
  });
});
