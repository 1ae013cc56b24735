import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine, SchemasContainer } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { migrationAdapter } from './migration-adapter.ts';

/**
 * Prisma's own schema engine, as WebAssembly: nothing is fetched and no binary runs. The package's entry point imports
 * the .wasm file as a module, which Node does only behind a flag, hence the wiring by hand.
 */
const loadEngine = (() => {
  let loading: Promise<typeof engineModule.SchemaEngine> | undefined;
  return () => (loading ??= instantiate());
})();

/** The little of WebAssembly that is used here; its types come with the DOM's, which a service does without. */
declare const WebAssembly: { instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }> };

/** Where the engine leaves the words of a panic before it traps. */
const panics = { last: '', set_message(message: string) { this.last = message; }, get() { return this.last; } };

async function instantiate(): Promise<typeof engineModule.SchemaEngine> {
  (globalThis as { PRISMA_WASM_PANIC_REGISTRY?: typeof panics }).PRISMA_WASM_PANIC_REGISTRY = panics;
  const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(join(dirname(glue), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glueImports() });
  const wiring = engineModule as unknown as { __wbg_set_wasm(exports: Record<string, unknown>): void };
  wiring.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return engineModule.SchemaEngine;
}

/** The engine leaves a 10 s timer behind each lock it took; it must not keep a finished process alive. */
function glueImports(): object {
  const timers = Object.keys(engineModule).filter((name) => name.startsWith('__wbg_setTimeout_'));
  const unreferenced = (callback: () => void, delayMs: number) => setTimeout(callback, delayMs >>> 0).unref();
  return { ...engineModule, ...Object.fromEntries(timers.map((name) => [name, unreferenced])) };
}

/** What the schema engine refused, in its words. */
export class SchemaEngineError extends Error {
  override readonly name = 'SchemaEngineError';
}

/** Run `work` with an engine bound to the database of `url`. */
export async function withSchemaEngine<T>(url: string, schema: SchemasContainer, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const Engine = await loadEngine();
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 10_000 });
  const adapter = bindMigrationAwareSqlAdapterFactory(migrationAdapter(pool));
  const datamodels = schema.files.map((file): [string, string] => [file.path, file.content]);
  try {
    return await work(await Engine.new({ datamodels }, () => undefined, adapter));
  } catch (error) {
    throw new SchemaEngineError(messageOf(error), { cause: error });
  } finally {
    await pool.end();
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return panics.get() || error.message;
  const { message, meta } = error as { message?: string; meta?: unknown };
  return `${message ?? String(error)}${meta ? ` ${JSON.stringify(meta)}` : ''}`;
}
