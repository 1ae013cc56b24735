import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readJson } from './json-file.ts';
import { derivatives, generateAll } from './generators.ts';
import { root } from './paths.ts';
import type { Env } from './paths.ts';
import { sentenceOf } from './failure.ts';
import { createSteps } from './steps.ts';
import { databaseServices } from './suite.ts';
import { binary, build, runTool, toolEnv, turbo } from './turbo.ts';

export type Verdict = { passed: number; failed: number; words: string };
export type CheckContext = { env: Env; signal: AbortSignal; filter?: string };

const pass: Verdict = { passed: 1, failed: 0, words: '' };
const fail = (words: string): Verdict => ({ passed: 0, failed: 1, words });

/** A tool's word: passed when it ends with 0, otherwise failed with all it said. */
async function byTool(context: CheckContext, command: string, args: string[]): Promise<Verdict> {
  const { code, output } = await runTool(command, args, { ...context, env: toolEnv(context.env) });
  return code === 0 ? pass : fail(output);
}

/** Generates everything and compares the committed derivatives with what they were before. */
export async function checkGenerated(context: CheckContext): Promise<Verdict> {
  const before = fingerprints();
  const silent = { write: () => true } as unknown as NodeJS.WriteStream;
  try {
    await generateAll(createSteps(silent), context);
  } catch (error) {
    return fail(sentenceOf(error, root));
  }
  const after = fingerprints();
  const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
  return stale.length === 0 ? pass : fail(`Not up to date: ${stale.join(', ')}. They have been written anew by "npm run generate": commit them.`);
}

function fingerprints(): Map<string, string> {
  const files = derivatives.flatMap((pattern) => globSync(pattern, { cwd: root })).flatMap((path) => (statSync(join(root, path)).isDirectory() ? readdirSync(join(root, path)).map((name) => join(path, name)) : [path]));
  return new Map(files.map((file) => [file, createHash('sha256').update(readFileSync(join(root, file))).digest('hex')]));
}

export const checkBufLint = (context: CheckContext) => byTool(context, binary('buf'), ['lint', 'proto']);

/** The contracts beside those of the last release: by `buf breaking` and by real calls between the two. */
export async function checkContracts(context: CheckContext): Promise<Verdict> {
  await build(['generate'], context);
  const { judgeContracts } = await import('@mediai/release'); // stands on generated code, which was not there before
  const { faults } = await judgeContracts(root);
  return faults.length === 0 ? pass : fail(faults.join('\n'));
}

export async function checkTypes(context: CheckContext): Promise<Verdict> {
  const { code, output } = await turbo(['typecheck', '--continue', '--output-logs=errors-only', ...filterOf(context)], context);
  return code === 0 ? pass : fail(output);
}

export const checkLint = (context: CheckContext) => byTool(context, binary('oxlint'), ['--deny-warnings', '.']);

export const checkArrows = (context: CheckContext) => byTool(context, binary('depcruise'), ['--config', '.dependency-cruiser.mjs', 'packages', 'services', 'tools', 'e2e', 'bench']);

export async function checkBuild(context: CheckContext): Promise<Verdict> {
  const { code, output } = await turbo(['build', '--output-logs=errors-only'], context);
  return code === 0 ? pass : fail(output);
}

/** Compares each service's migrations with its schema, on scratch databases: what one says the other must say. */
export async function checkMigrations(context: CheckContext): Promise<Verdict> {
  const verdicts = [];
  for (const service of databaseServices) {
    verdicts.push(await byTool({ ...context, env: { ...context.env, POSTGRES_URL: context.env.TEST_POSTGRES_URL } }, process.execPath, ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', 'packages/db/src/cli.ts', 'check', service]));
  }
  return merge(verdicts);
}

/** Several verdicts as one. */
export const merge = (verdicts: Verdict[]): Verdict =>
  verdicts.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed, words: [all.words, one.words].filter(Boolean).join('\n') }), { passed: 0, failed: 0, words: '' });

/** What jest runs with: ES modules are still behind a flag of Node's there. */
export const jestEnv = (env: Env): Env => ({ ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning --disable-warning=TimeoutNegativeWarning`.trim(), FORCE_COLOR: '0' });

const report = '.turbo/jest.json';

/** The tests of every package, service and tool, two packages at a time (more on more cores), each package's in one process. */
export async function checkUnits(context: CheckContext): Promise<Verdict> {
  const folders = workspaces().filter((dir) => hasTests(dir));
  for (const dir of folders) rmSync(join(root, dir, report), { force: true });
  const concurrency = Math.min(6, Math.max(2, cpus().length));
  const filter = context.filter ? filterOf(context) : ['--filter=!@mediai/e2e'];
  const args = ['test', '--continue', `--concurrency=${concurrency}`, '--output-logs=errors-only', ...filter, '--', '--json', `--outputFile=${report}`, '--maxWorkers=1', '--forceExit'];
  const { code, output } = await turbo(args, { ...context, env: jestEnv(context.env) });
  const reports = folders.flatMap((dir) => readReports(join(root, dir, report)));
  const verdict = sum(reports);
  if (code !== 0 && verdict.failed === 0) verdict.failed = 1;
  return { ...verdict, words: code === 0 ? '' : output };
}

/** Runs one jest project in its folder and counts. `args` are jest's own. */
export async function runJest(dir: string, args: string[], context: CheckContext & { onLine?: (line: string) => void }): Promise<Verdict> {
  mkdirSync(join(root, dir, '.turbo'), { recursive: true });
  rmSync(join(root, dir, report), { force: true });
  const { code, output } = await runTool(binary('jest'), ['--json', `--outputFile=${report}`, '--forceExit', ...args], { ...context, cwd: join(root, dir), env: { ...jestEnv(context.env), CI: '1' } });
  const verdict = sum(readReports(join(root, dir, report)));
  if (code !== 0 && verdict.failed === 0) verdict.failed = 1;
  return { ...verdict, words: code === 0 ? '' : output };
}

export type JestReport = { numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number };

/** Adds reports up; a suite that could not even run counts as a failed test. */
export function sum(reports: JestReport[]): { passed: number; failed: number } {
  return reports.reduce(
    (total, one) => ({ passed: total.passed + one.numPassedTests, failed: total.failed + one.numFailedTests + one.numRuntimeErrorTestSuites }),
    { passed: 0, failed: 0 },
  );
}

function readReports(file: string): JestReport[] {
  const found = readJson<JestReport | undefined>(file, undefined);
  return found ? [found] : [];
}

const filterOf = ({ filter }: CheckContext): string[] => (filter ? [`--filter=${filter}`] : []);

function workspaces(): string[] {
  return [...['packages', 'services', 'tools'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name))), 'bench'];
}

const hasTests = (dir: string): boolean => {
  const file = join(root, dir, 'package.json');
  return existsSync(file) && Boolean(readJson<{ scripts?: Record<string, string> }>(file, {}).scripts?.test);
};
