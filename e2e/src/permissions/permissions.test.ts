import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { call } from '../client.ts';
import { openRpc } from '../rpc.ts';
import { askAll, createShared, named } from './cells.ts';
import { compareLists, methodsOf, operationsOf } from './coverage.ts';
import type { Row } from './row.ts';
import { TABLE } from './table.ts';
import { createWorld } from './world.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('who may do what', () => {
  let rpc: Awaited<ReturnType<typeof openRpc>>;
  let wrong: Map<Row, string[]>;
  let changed: unknown;

  beforeAll(async () => {
    const began = Date.now();
    rpc = await openRpc();
    const world = await createWorld();
    const shared = createShared(world);
    // These take the owner's consent for a while: before anybody else speaks of it.
    for (const assigne of [true, false]) await shared.get('message', assigne);
    wrong = await askAll(TABLE, world, shared, rpc.callRpc);
    changed = await shared.changed();
    process.stdout.write(`permissions: ${Date.now() - began} ms\n`);
  }, 180_000);
  afterAll(() => rpc?.close());

  it('has a row for every route of the gateway, and no other', async () => {
    const { body } = await call<Parameters<typeof operationsOf>[0]>('GET', '/api/schema/');
    expect(compareLists(operationsOf(body), TABLE.flatMap(({ route }) => route ?? []))).toEqual({ sansLigne: [], deTrop: [] });
  });

  it('has a row for every method of every service, and no other', () => {
    const protos = globSync('proto/**/*.proto', { cwd: ROOT }).map((path) => readFileSync(resolve(ROOT, path), 'utf8'));
    expect(compareLists(protos.flatMap(methodsOf), TABLE.flatMap(({ rpc: method }) => method ?? []))).toEqual({ sansLigne: [], deTrop: [] });
  });

  it.each(named(TABLE))('%s', (_name, row) => {
    expect(wrong.get(row)).toEqual([]);
  });

  it('left every object as it was where it refused', () => {
    expect(changed).toEqual([]);
  });
});
