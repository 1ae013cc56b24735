import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compareLists, methodsOf, operationsOf } from './coverage.ts';
import { TABLE } from './table.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const routes = TABLE.flatMap(({ route }) => route ?? []);

describe('the table of permissions', () => {
  it('agrees with itself', () => {
    expect(compareLists(routes, routes)).toEqual({ sansLigne: [], deTrop: [] });
  });

  it('misses a row that was removed', () => {
    const removed = 'POST /api/v1/fiche-consultation/{id}/validate/';
    expect(compareLists(routes, routes.filter((route) => route !== removed))).toEqual({ sansLigne: [removed], deTrop: [] });
  });

  it('notices a route that was added, and one that is gone', () => {
    expect(compareLists([...routes, 'DELETE /api/v1/nouveau/'], routes).sansLigne).toEqual(['DELETE /api/v1/nouveau/']);
    expect(compareLists(routes.slice(1), routes).deTrop).toEqual(routes.slice(0, 1));
  });

  it('sees every route: none hides from the schema but the start page, the schema itself and the page that reads it', () => {
    const sources = globSync('services/gateway/src/**/*.ts', { cwd: ROOT }).map((path) => readFileSync(resolve(ROOT, path), 'utf8'));
    const hidden = sources.flatMap((source) => source.split('\n').filter((line) => /\bhide\b/.test(line)));
    expect(hidden.map((line) => /app\.get\('([^']+)', \{ schema: \{ hide: true \} \}/.exec(line)?.[1]).toSorted()).toEqual(['/', '/api/redoc/', '/api/redoc/redoc.standalone.js', '/api/redoc/start.js', '/api/schema/']);
  });

  it('reads operations and methods', () => {
    expect(operationsOf({ paths: { '/a/{id}/': { get: {}, patch: {}, parameters: [] }, '/b/': { post: {} } } })).toEqual(['GET /a/{id}/', 'PATCH /a/{id}/', 'POST /b/']);
    expect(methodsOf('service A {\n  // One.\n  rpc One(X) returns (Y);\n  rpc Two(X) returns (Y);\n}\n\nservice B {\n  rpc Three(X) returns (Y);\n}\n')).toEqual(['A.One', 'A.Two', 'B.Three']);
  });
});
