import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Packages that importing a folder of the kit loads, in a process of its own. */
async function packagesLoadedBy(folder: string): Promise<string[]> {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ load(url, context, next) { const name = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]; if (name) loaded.add(name); return next(url, context); } });
    await import(${JSON.stringify(new URL(`./${folder}/index.ts`, import.meta.url).href)});
    console.log(JSON.stringify([...loaded]));`;
  const { stdout } = await run(process.execPath, ['--conditions=@mediai/source', '--input-type=module', '-e', program]);
  return JSON.parse(stdout) as string[];
}

test.each<[string, RegExp | undefined]>([
  ['errors', undefined],
  ['config', undefined],
  ['health', /^@bufbuild\/protobuf$/],
  ['network', undefined],
  ['page', undefined],
  ['shutdown', undefined],
  ['telemetry', /^@opentelemetry\/api$/],
  ['log', /^(@opentelemetry\/api|pino.*|@pinojs\/.*|sonic-boom|thread-stream|quick-format-unescaped|safe-stable-stringify|on-exit-leak-free|real-require|atomic-sleep|process-warning)$/],
  ['acteur', /^(?!@grpc|@opentelemetry|pino|prom-client|ioredis)/],
  ['grpc', /^(?!@opentelemetry\/sdk|pino|prom-client|ioredis|fast-jwt)/],
  ['metrics', /^(prom-client|tdigest|bintrees|@opentelemetry\/api)$/],
  ['work', undefined],
  ['cache', /^(?!@grpc|@opentelemetry|pino|prom-client)/],
])('%s loads nothing it does not need', async (folder, allowed) => {
  const loaded = await packagesLoadedBy(folder);
  expect(loaded.filter((name) => !allowed?.test(name))).toEqual([]);
});
