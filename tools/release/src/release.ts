import { writeArtefacts } from './artefacts.ts';
import { announce, applyVersion, changesetFaults, planVersion, type VersionPlan } from './changesets.ts';
import { judgeContracts } from './contracts/contract-faults.ts';
import { baselinePath, renewBaseline } from './contracts/contracts.ts';
import { buildImage, findBuilder, imageOf } from './image.ts';
import { migrationFaults } from './migrations/lint.ts';
import { readMigrations, renewReleased } from './migrations/released.ts';
import { git, isService, tagOf, versionOf, type Unit } from './repository.ts';

const mainBranch = 'main';

export type ReleaseOptions = {
  /** The checkout that is released. */
  root: string;
  unit: Unit;
  /** Tells what would be done and what stands against it, and writes nothing. */
  dryRun?: boolean;
  /** Builds the image of a service after its tag is made. */
  image?: boolean;
  /** Each line that the person reads. */
  say: (line: string) => void;
  /** The checks of the project that a release needs: what they refuse, a text each. */
  check: () => Promise<string[]>;
  /** Writes what derives from the new version. */
  generate: () => Promise<void>;
};

/** The tag that was made, or why none was. */
export type Outcome = { tag: string; artefacts: string[] } | { refusals: string[] };

/**
 * Releases one unit: its pending changesets become its next version, its changelog and one commit with one tag; the
 * baselines that the next release is compared with are renewed. Refuses as a whole, and leaves the checkout as it was.
 */
export async function release(options: ReleaseOptions): Promise<Outcome> {
  const { root, unit, say } = options;
  const plan = await planVersion(root, unit);
  const refusals = await refusalsOf(options, plan);
  if (plan) describe(options, plan);
  if (refusals.length > 0 || !plan || options.dryRun) return { refusals };
  const tag = tagOf(unit, plan.to);
  const artefacts = await orAsBefore(root, async () => {
    await applyVersion(root, unit, plan);
    await options.generate();
    if (unit === 'proto') await renewBaseline(root);
    else if (readMigrations(root, unit).length > 0) renewReleased(root, unit, plan.to);
    const written = await writeArtefacts(root, tag);
    await git(root, 'add', '--all');
    await git(root, 'commit', '--quiet', '-m', `chore(release): ${tag}`);
    await git(root, 'tag', '--annotate', tag, '-m', tag);
    return written;
  });
  say(`${tag} is committed and tagged; ${artefacts.join(', ')} written. Publish it by "git push --atomic origin ${mainBranch} ${tag}".`);
  if (options.image && isService(unit)) await buildImage(root, findBuilder()!, unit, plan.to);
  return { tag, artefacts };
}

/** Everything that stands against a release. The project's own checks take long and are asked last, of what is sound so far. */
async function refusalsOf({ root, unit, image, check }: ReleaseOptions, plan: VersionPlan | undefined): Promise<string[]> {
  const contracts = await judgeContracts(root);
  const found = [
    ...(await checkoutFaults(root)),
    ...(plan ? await tagFaults(root, tagOf(unit, plan.to)) : [`No changeset waits for ${unit}: "npm run changeset" writes one.`]),
    ...(await changesetFaults(root)),
    ...contracts.faults,
    ...(unit !== 'proto' && contracts.isAhead ? [`The contracts have changed since proto@${versionOf(root, 'proto')}: release them first ("npm run release -- proto"), so that the next version of ${unit} is compared with what this one speaks.`] : []),
    ...(isService(unit) ? await migrationFaults(root, unit) : []),
    ...(image && isService(unit) && !findBuilder() ? ['No docker, podman or buildah is on PATH: add --no-image, and the workflow "release" builds the image from the pushed tag.'] : []),
  ];
  return found.length > 0 ? found : trying(root, check);
}

async function checkoutFaults(root: string): Promise<string[]> {
  const branch = (await git(root, 'rev-parse', '--abbrev-ref', 'HEAD')).trim();
  const dirty = (await git(root, 'status', '--porcelain')).split('\n').filter(Boolean);
  return [
    ...(branch === mainBranch ? [] : [`A release is made on ${mainBranch}, not on ${branch}.`]),
    ...(dirty.length > 0 ? [`The checkout has changes that are not committed: ${dirty.slice(0, 5).map((line) => line.slice(3)).join(', ')}${dirty.length > 5 ? ' …' : ''}.`] : []),
  ];
}

async function tagFaults(root: string, tag: string): Promise<string[]> {
  return (await git(root, 'tag', '--list', tag)).trim() === '' ? [] : [`The tag ${tag} exists already.`];
}

function describe({ root, unit, image, say }: ReleaseOptions, plan: VersionPlan): void {
  say(`${tagOf(unit, plan.from)} → ${tagOf(unit, plan.to)} (${plan.type})`);
  say(`\n${announce(plan)}\n`);
  if (plan.consumed.length > 0) say(`Changesets that end here: ${plan.consumed.join(', ')}.`);
  if (plan.kept.length > 0) say(`Changesets that others still wait for, without ${unit}'s part: ${plan.kept.join(', ')}.`);
  if (unit === 'proto') say(`${baselinePath} becomes the contracts of this release.`);
  else if (readMigrations(root, unit).length > 0) say(`services/${unit}/prisma/released.json keeps ${readMigrations(root, unit).length} migrations as released.`);
  if (isService(unit)) say(image ? `${imageOf(unit, plan.to)} is built.` : 'No image is built here.');
}

/** What the checks say; what one of them wrote anew is put back, because the checkout was clean. */
async function trying(root: string, check: () => Promise<string[]>): Promise<string[]> {
  const said = await check();
  await putBack(root, 'HEAD');
  return said;
}

/** Does the work, or puts the checkout back: it was clean, so what differs from its commit is the work's own. */
async function orAsBefore<T>(root: string, work: () => Promise<T>): Promise<T> {
  const before = (await git(root, 'rev-parse', 'HEAD')).trim();
  try {
    return await work();
  } catch (error) {
    await putBack(root, before);
    throw error;
  }
}

async function putBack(root: string, commit: string): Promise<void> {
  await git(root, 'reset', '--quiet', '--hard', commit);
  await git(root, 'clean', '--quiet', '-fd');
}
