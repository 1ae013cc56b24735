import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyReleasePlan } from '@changesets/apply-release-plan';
import { assembleReleasePlan } from '@changesets/assemble-release-plan';
import { readConfig } from '@changesets/config';
import { readChangesets } from '@changesets/read';
import type { Config, NewChangeset, Packages, ReleasePlan, VersionType } from '@changesets/types';
import { getPackages } from '@manypkg/get-packages';
import { folderOf, packageOf, ownRoot, readJson, units, writeJson, type Unit } from './repository.ts';
import type { Lock } from './production.ts';

export type Bump = 'major' | 'minor' | 'patch';

/** What the pending changesets make of one unit. */
export type VersionPlan = {
  from: string;
  to: string;
  type: Bump;
  /** Changesets that end with this release, by name. */
  consumed: string[];
  /** Changesets that other units still wait for: only the part of this one is taken out. */
  kept: string[];
  plan: ReleasePlan;
  packages: Packages;
  config: Config;
};

/** The plan of a unit's release by its pending changesets alone; undefined when there is none. */
export async function planVersion(root: string, unit: Unit): Promise<VersionPlan | undefined> {
  const mine = (await readChangesets(root)).filter((changeset) => partOf(changeset, unit).length > 0);
  if (mine.length === 0) return undefined;
  const packages = await getPackages(root);
  const config = await configOf(root, packages);
  const alone = mine.map((changeset) => ({ ...changeset, releases: partOf(changeset, unit) }));
  const plan = assembleReleasePlan(alone, packages, config, undefined);
  const [release, ...others] = plan.releases;
  if (!release || others.length > 0) throw new Error(`Only ${unit} was to be released, but it would also release ${others.map(({ name }) => name).join(', ')}: no workspace may depend on a version of it.`);
  const isShared = (changeset: NewChangeset): boolean => changeset.releases.length > partOf(changeset, unit).length;
  return {
    from: release.oldVersion ?? '',
    to: release.newVersion ?? '',
    type: release.type as Bump,
    consumed: mine.filter((one) => !isShared(one)).map(({ id }) => id),
    kept: mine.filter(isShared).map(({ id }) => id),
    plan,
    packages,
    config,
  };
}

/** Writes the plan: version, changelog, lock file; consumed changesets are deleted, shared ones lose this unit's line. */
export async function applyVersion(root: string, unit: Unit, { plan, packages, config, kept, to }: VersionPlan): Promise<void> {
  const shared = await Promise.all(kept.map(async (id) => ({ file: changesetFile(root, id), text: await readFile(changesetFile(root, id), 'utf8') })));
  await applyReleasePlan(plan, packages, config, undefined, ownRoot);
  for (const { file, text } of shared) await writeFile(file, withoutUnit(text, unit));
  const lock = readJson<Lock>(root, 'package-lock.json');
  const entry = lock.packages[folderOf(unit)];
  if (!entry) throw new Error(`package-lock.json has no ${folderOf(unit)}: run "npm install".`);
  entry.version = to;
  writeJson(join(root, 'package-lock.json'), lock);
}

/** The highest step that the pending changesets ask of a unit. */
export async function pendingType(root: string, unit: Unit): Promise<Bump | undefined> {
  const types = (await readChangesets(root)).flatMap((changeset) => partOf(changeset, unit)).map(({ type }) => type);
  return (['major', 'minor', 'patch'] as const).find((type) => types.includes(type));
}

/** Changesets that name something that is not released by a version of its own, a sentence each. */
export async function changesetFaults(root: string): Promise<string[]> {
  const known = units.map(packageOf);
  return (await readChangesets(root)).flatMap(({ id, releases, summary }) => [
    ...releases.filter(({ name }) => !known.includes(name)).map(({ name }) => `.changeset/${id}.md names ${name}, which has no releases; known are ${known.join(', ')}.`),
    ...(releases.length === 0 ? [`.changeset/${id}.md names nothing.`] : []),
    ...(summary.trim() === '' ? [`.changeset/${id}.md says nothing.`] : []),
  ]);
}

/** What a version's changelog says, without its heading; undefined where it says nothing of this version. */
export function changelogSection(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) => section.split('\n', 1)[0]?.trim() === version);
  return found?.slice(found.indexOf('\n') + 1).trim();
}

/** The section that a plan will write, for who wants to read it before. */
export function announce({ plan, to }: VersionPlan): string {
  const headings: [VersionType, string][] = [['major', 'Major'], ['minor', 'Minor'], ['patch', 'Patch']];
  const parts = headings.flatMap(([type, heading]) => {
    const lines = plan.changesets.filter(({ releases }) => releases[0]?.type === type).map(({ summary }) => `- ${summary.replaceAll('\n', '\n  ')}`);
    return lines.length > 0 ? [`### ${heading} Changes\n\n${lines.join('\n')}`] : [];
  });
  return [`## ${to}`, ...parts].join('\n\n');
}

const partOf = ({ releases }: NewChangeset, unit: Unit) => releases.filter(({ name }) => name === packageOf(unit));
const changesetFile = (root: string, id: string): string => join(root, '.changeset', `${id}.md`);

function withoutUnit(text: string, unit: Unit): string {
  return text.replace(new RegExp(`^['"]?${packageOf(unit)}['"]?:.*\\n`, 'm'), '');
}

async function configOf(root: string, packages: Packages): Promise<Config> {
  const { config, errors } = await readConfig(root, packages);
  if (!config) throw new Error(`.changeset/config.json: ${errors.join(' ')}`);
  return config;
}
