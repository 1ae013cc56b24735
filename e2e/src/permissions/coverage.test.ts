import { describe, expect, it } from '@jest/globals';
import { compareLists, methodsOf, operationsOf } from './coverage.ts';
import { TABLE } from './table.ts';

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

  it('reads operations and methods', () => {
    expect(operationsOf({ paths: { '/a/{id}/': { get: {}, patch: {}, parameters: [] }, '/b/': { post: {} } } })).toEqual(['GET /a/{id}/', 'PATCH /a/{id}/', 'POST /b/']);
    expect(methodsOf('service A {\n  // One.\n  rpc One(X) returns (Y);\n  rpc Two(X) returns (Y);\n}\n\nservice B {\n  rpc Three(X) returns (Y);\n}\n')).toEqual(['A.One', 'A.Two', 'B.Three']);
  });
});
