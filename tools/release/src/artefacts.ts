import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changelogSection } from './changesets.ts';
import { folderOf, isService, isUnit, tagOf, versionOf, type Unit } from './repository.ts';
import { billOfMaterials } from './sbom.ts';

/** What is handed out with a release and not committed, from the root. */
export const artefactsFolder = '.mediai/release';

/**
 * Writes what goes with a release that the checkout holds: its notes from the changelog (`.md`) and, of a service, the
 * bill of materials of its image (`.cdx.json`). Returns their paths from the root. `tag` as in `consultation@1.4.0`.
 * @throws Error when the checkout is of another version or its changelog says nothing of this one
 */
export async function writeArtefacts(root: string, tag: string, now: Date = new Date()): Promise<string[]> {
  const { unit, version } = readTag(tag);
  const stated = versionOf(root, unit);
  if (stated !== version) throw new Error(`This checkout holds ${tagOf(unit, stated)}, not ${tag}: check that tag out.`);
  const changelog = join(root, folderOf(unit), 'CHANGELOG.md');
  const notes = existsSync(changelog) ? changelogSection(readFileSync(changelog, 'utf8'), version) : undefined;
  if (!notes) throw new Error(`${folderOf(unit)}/CHANGELOG.md says nothing of ${version}: "npm run release -- ${unit}" writes it.`);
  mkdirSync(join(root, artefactsFolder), { recursive: true });
  const name = `${unit}-${version}`;
  const texts = [[`${name}.md`, `${notes}\n`], ...(isService(unit) ? [[`${name}.cdx.json`, await billOfMaterials(root, unit, version, now)]] : [])] as [string, string][];
  for (const [file, text] of texts) writeFileSync(join(root, artefactsFolder, file), text);
  return texts.map(([file]) => `${artefactsFolder}/${file}`);
}

/** Unit and version of a tag. @throws Error for a tag that no release has */
export function readTag(tag: string): { unit: Unit; version: string } {
  const [, unit, version] = /^([a-z]+)@(\d+\.\d+\.\d+)$/.exec(tag) ?? [];
  if (!isUnit(unit) || !version) throw new Error(`"${tag}" is no tag of a release; one looks like consultation@1.4.0.`);
  return { unit, version };
}
