import { closeSync, createReadStream, createWriteStream, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formes, openSource, readOptions, refuseOtherShape, usage } from '@mediai/import-django';
import { root, type Env } from '../paths.ts';

/** The services that take something over, in the order in which they need each other's verdicts. */
export const importers = ['auth', 'consultation', 'ia', 'appointments'] as const;
export type Importer = (typeof importers)[number];

export type ImportAll = {
  argv: readonly string[];
  env: Env;
  /** Each service's own database, as its application role. */
  databases: () => Record<Importer, string>;
  /** Where consultation keeps files, as its environment; asked only where files are taken over. */
  files: () => Env;
  say: (line: string) => void;
  /** Runs a service's import; answers its exit code. */
  run?: (service: Importer, args: string[], env: Env) => Promise<number>;
};

/**
 * Imports from the Django original into every service: first its whole shape is examined, then new ids are made to begin
 * above its ids everywhere, then each service takes over its tables, knowing what those before it left out.
 * @returns 0 all fitted, 1 some did not, 2 it could not be done or not to the end
 */
export async function importAll({ argv, env, databases, files, say, run = runService }: ImportAll): Promise<number> {
  const options = readOptions(argv, env);
  if ('fault' in options) {
    say(`✗ ${options.fault}\n  usage: npm run import -- ${usage}`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mediai-import-'));
  const reportOf = (service: Importer): string => join(folder, `${service}.json`);
  try {
    const urls = databases();
    const store = options.media === undefined ? {} : files();
    if (options.report !== undefined) await joinReports(options.report, []);
    await examine(options.url);
    say(options.apply ? 'Taking over.' : 'Dry run: everything is read and judged, nothing is written. --apply writes.');
    const common = [`--etablissement=${options.etablissementId}`, `--approve-medecins=${options.approveMedecins ? 'yes' : 'no'}`];
    // Consultation alone keeps files of the original.
    const media = options.media === undefined ? [] : [`--media=${options.media}`];
    const start = (service: Importer, args: string[]): Promise<number> =>
      run(service, ['django', ...common, ...args, ...(service === 'consultation' ? media : [])], { ...env, ...(service === 'consultation' ? store : {}), DJANGO_DATABASE_URL: options.url, DATABASE_URL: urls[service] });
    if (options.apply || options.reserve) for (const service of importers) if ((await start(service, ['--reserve'])) !== 0) return 2;
    if (options.reserve) {
      say('✓ New ids begin above those of the original.');
      return 0;
    }
    const codes = new Map<Importer, number>();
    for (const service of importers) {
      say(`▸ ${service}`);
      const after = [...codes.keys()].flatMap((done) => ['--after', reportOf(done)]);
      const code = await start(service, [...(options.apply ? ['--apply'] : []), '--report', reportOf(service), ...after]);
      codes.set(service, code);
      if (code !== 0 && code !== 1) break;
    }
    // A service that could not begin has none.
    if (options.report !== undefined) await joinReports(options.report, [...codes.keys()].map(reportOf).filter((file) => existsSync(file)));
    return conclude([...codes.values()], options.apply, say);
  } catch (error) {
    say(`✗ ${(error as Error).message}`);
    return 2;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error in a sentence when the original cannot be read, or is not what it should be */
async function examine(url: string): Promise<void> {
  const source = await openSource(url).catch((error: Error) => {
    throw new Error(`The original's database cannot be read (${error.message}).`);
  });
  try {
    await refuseOtherShape(source, Object.values(formes));
  } finally {
    await source.close();
  }
}

function conclude(codes: number[], apply: boolean, say: (line: string) => void): number {
  const worst = codes.some((code) => code !== 0 && code !== 1) ? 2 : Math.max(...codes);
  if (worst === 2) say('✗ It did not come to its end. What was written stays: the same command goes on from there.');
  else if (worst === 1) say(`! ${apply ? 'Done; what is listed above did not fit.' : 'What is listed above would not fit.'} Mend it there and run the command again, or leave it.`);
  else say(apply ? '✓ Done; everything fitted.' : '✓ Everything would fit.');
  return worst;
}

/** Every service's report in one file: `{"services": [...]}`. Copied, never held in memory. */
async function joinReports(file: string, reports: string[]): Promise<void> {
  const put = (text: string, flag: 'w' | 'a'): void => {
    const target = openSync(file, flag);
    writeSync(target, text);
    closeSync(target);
  };
  put('{"original":"django","services":[\n', 'w');
  for (const [at, report] of reports.entries()) {
    if (at > 0) put(',\n', 'a');
    await pipeline(createReadStream(report), createWriteStream(file, { flags: 'a' }));
  }
  put(']}\n', 'a');
}

/** From its sources, on this terminal; it answers signals after the batch under way. */
function runService(service: Importer, args: string[], env: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, join(root, 'services', service, 'src/import.ts'), ...args], { stdio: 'inherit', env: env as NodeJS.ProcessEnv });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, forward);
      resolve(code ?? 2);
    });
  });
}
