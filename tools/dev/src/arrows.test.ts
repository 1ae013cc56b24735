import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');

/** A small tree of the same shape, so that a planted violation never touches the real one. */
const TREE: Record<string, string> = {
  'package.json': '{"type":"module","private":true}',
  'node_modules/@prisma/client/package.json': '{"name":"@prisma/client","type":"module","exports":"./index.js"}',
  'node_modules/@prisma/client/index.js': 'export const PrismaClient = 1;',
  'node_modules/@grpc/grpc-js/package.json': '{"name":"@grpc/grpc-js","type":"module","exports":"./index.js"}',
  'node_modules/@grpc/grpc-js/index.js': 'export const status = 1;',
  'node_modules/kafkajs/package.json': '{"name":"kafkajs","type":"module","exports":"./index.js"}',
  'node_modules/kafkajs/index.js': 'export const Kafka = 1;',
  'packages/events/package.json': '{"name":"@mediai/events","type":"module","exports":{".":{"@mediai/source":"./src/index.ts"}}}',
  'packages/events/src/index.ts': 'export const relay = 1;',
  'packages/fiche/package.json': '{"name":"@mediai/fiche","type":"module","exports":{".":{"@mediai/source":"./src/index.ts"}}}',
  'packages/fiche/src/index.ts': 'export const champs = 1;',
  'packages/testing/src/index.ts': 'export const base = 1;',
  'services/auth/src/main.ts': 'export const main = 1;',
  'services/consultation/src/fiche/fiche-store.ts': "import { PrismaClient } from '@prisma/client'; export const store = PrismaClient;",
  'services/consultation/src/fiche/fiche.ts': "import { champs } from '@mediai/fiche'; export const fiche = champs;",
  'services/consultation/src/rpc.ts': "import { fiche } from './fiche/fiche.ts'; import { status } from '@grpc/grpc-js'; export const rpc = [fiche, status];",
};

/** Rule -> the one file that breaks it, and what it says. */
const PLANTED: Record<string, [path: string, text: string]> = {
  'no-circular': ['packages/kit/src/a.ts', "import { b } from './b.ts'; export const a = b;"],
  'service-not-service': ['services/gateway/src/planted.ts', "import { main } from '../../auth/src/main.ts'; export const x = main;"],
  'package-not-service': ['packages/kit/src/planted.ts', "import { main } from '../../../services/auth/src/main.ts'; export const x = main;"],
  'service-not-tool': ['services/ia/src/planted.ts', "import { base } from '../../../packages/testing/src/index.ts'; export const x = base;"],
  'triage-alone': ['packages/triage/src/planted.ts', "import { champs } from '@mediai/fiche'; export const x = champs;"],
  'fiche-alone': ['packages/fiche/src/planted.ts', "import { relay } from '@mediai/events'; export const x = relay;"],
  'prisma-in-stores': ['services/consultation/src/fiche/create-fiche.ts', "import { PrismaClient } from '@prisma/client'; export const x = PrismaClient;"],
  'gateway-without-database': ['services/gateway/src/planted.ts', "import { relay } from '@mediai/events'; export const x = relay;"],
  'edge-not-store': ['services/consultation/src/fiche/fiche-rpc.ts', "import { store } from './fiche-store.ts'; export const x = store;"],
  'domain-is-pure': ['services/consultation/src/fiche/validate-fiche.ts', "import { status } from '@grpc/grpc-js'; export const x = status;"],
  'kafkajs-in-events': ['services/ia/src/consumers.ts', "import { Kafka } from 'kafkajs'; export const x = Kafka;"],
};

describe('the arrows', () => {
  let tree = '';

  function plant(path: string, text: string): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }

  async function violatedRules(): Promise<string[]> {
    const cli = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const result = await run(process.execPath, [cli, '--config', join(ROOT, '.dependency-cruiser.mjs'), '-T', 'json', 'packages', 'services'], {
      cwd: tree,
      maxBuffer: 32 * 1024 * 1024,
    }).catch((error: { stdout: string }) => error);
    const { summary } = JSON.parse(result.stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return summary.violations.map((violation) => violation.rule.name);
  }

  beforeAll(() => {
    tree = mkdtempSync(join(tmpdir(), 'mediai-arrows-'));
    for (const [path, text] of Object.entries(TREE)) plant(path, text);
    mkdirSync(join(tree, 'node_modules/@mediai'), { recursive: true });
    for (const name of ['events', 'fiche']) symlinkSync(join(tree, 'packages', name), join(tree, 'node_modules/@mediai', name));
    plant('packages/kit/src/b.ts', "import { a } from './a.ts'; export const b = a;");
    plant('packages/kit/src/a.ts', 'export const a = 1;');
  });

  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('lets a tree pass in which every import points the right way', async () => {
    expect(await violatedRules()).toEqual([]);
  });

  it.each(Object.entries(PLANTED))('refuses a planted violation of %s', async (rule, [path, text]) => {
    const before = TREE[path] ?? (path === 'packages/kit/src/a.ts' ? 'export const a = 1;' : undefined);
    plant(path, text);
    const violated = await violatedRules();
    if (before === undefined) rmSync(join(tree, path));
    else plant(path, before);
    expect(violated).toContain(rule);
  });

  it('has a planted violation for every rule', async () => {
    const { default: config } = (await import(join(ROOT, '.dependency-cruiser.mjs'))) as { default: { forbidden: { name: string }[] } };
    expect(Object.keys(PLANTED).toSorted()).toEqual(config.forbidden.map((rule) => rule.name).toSorted());
  });
});
