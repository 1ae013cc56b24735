import { describe, expect, it } from '@jest/globals';
import { dearestFrames } from './dearest-frames.ts';
import { addressIn } from './open-inspectors.ts';
import { bytesOf } from './sample-allocations.ts';

describe('what an inspector tells', () => {
  it('is found where the process last said that it listens', () => {
    expect(addressIn('{"msg":"ready"}\nDebugger listening on ws://127.0.0.1:1/a\nFor help\nDebugger listening on ws://127.0.0.1:2/b\n')).toBe('ws://127.0.0.1:2/b');
    expect(addressIn('nothing')).toBeUndefined();
  });

  it('of allocations adds up over the whole tree', () => {
    expect(bytesOf({ selfSize: 1, children: [{ selfSize: 10, children: [] }, { selfSize: 100, children: [{ selfSize: 1000, children: [] }] }] })).toBe(1111);
  });

  it('of CPU time is told by function, without idle time, waits for a core and the place of the checkout', () => {
    const node = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url, lineNumber: 9 } });
    const profile = {
      nodes: [node(1, '(root)'), node(2, '(idle)'), node(3, 'encode', 'file:///home/x/mediai/node_modules/@bufbuild/protobuf/to-binary.js'), node(4, '', 'file:///home/x/mediai/services/gateway/dist/app.js'), node(5, 'encode', 'file:///home/x/mediai/node_modules/@bufbuild/protobuf/to-binary.js')],
      samples: [2, 3, 4, 5],
      timeDeltas: [50_000, 20_000, 1_000, 1_000],
    };
    expect(dearestFrames(profile)).toEqual([
      { name: 'encode', at: 'node_modules/@bufbuild/protobuf/to-binary.js:10', ms: 3, share: 0.75 },
      { name: '(anonymous)', at: 'services/gateway/dist/app.js:10', ms: 1, share: 0.25 },
    ]);
    expect(dearestFrames(profile, 1)).toHaveLength(1);
  });
});
