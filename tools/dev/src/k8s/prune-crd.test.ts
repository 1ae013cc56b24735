import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { goProxy } from './crd-sources.ts';
import type { Crd } from './crd-sources.ts';
import { pruneCrd } from './prune-crd.ts';

const spec = {
  type: 'object',
  description: 'prose',
  required: ['name'],
  properties: {
    name: { type: 'string', description: 'prose' },
    description: { type: 'string' },
    port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    free: { type: 'object', properties: { known: { type: 'string' } }, 'x-kubernetes-preserve-unknown-fields': true },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    list: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer', default: 3 } } } },
  },
};
const versionOf = (name: string, storage: boolean) => ({ name, storage, schema: { openAPIV3Schema: { type: 'object', required: ['spec'], properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' }, spec, status: { type: 'object' } } } } });
const crd: Crd = { kind: 'CustomResourceDefinition', metadata: { name: 'things.example.org' }, spec: { group: 'example.org', names: { kind: 'Thing', plural: 'things' }, versions: [versionOf('v1beta1', false), versionOf('v1', true)] } };

const thing = (given: object, whole: object = {}) => ({ apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { name: 'x', ...given }, ...whole });
const { file, schema } = pruneCrd(crd);
const fits = new Ajv({ strict: false }).compile(schema);

test('the stored version is kept, under a name that says what it is', () => {
  expect(file).toBe('example.org_v1_Thing.json');
});

test('what a definition allows is taken', () => {
  expect(fits(thing({ port: 'http', free: { any: 1 }, labels: { any: 'x' }, list: [{ id: 1 }], description: 'a field of that name' }))).toBe(true);
  expect(fits(thing({ port: 80 }))).toBe(true);
});

test.each([
  ['a field it does not know', thing({ nmae: 'x' })],
  ['one deep inside', thing({ list: [{ idd: 1 }] })],
  ['a value of another type', thing({ labels: { any: 1 } })],
  ['a required field that is absent', thing({ name: undefined })],
  ['a status', thing({}, { status: {} })],
  ['another kind', thing({}, { kind: 'Think' })],
])('%s is refused', (_what, object) => {
  expect(fits(JSON.parse(JSON.stringify(object)))).toBe(false);
});

test('prose and defaults are gone', () => {
  expect(JSON.stringify(schema)).not.toMatch(/prose|default|x-kubernetes/);
});

test("a person's own module proxy is used", () => {
  expect(goProxy({ GOPROXY: 'off,https://proxy.example.org/,direct' })).toBe('https://proxy.example.org');
  expect(goProxy({})).toMatch(/^https:/);
});
