import parseExpression, { type Info } from 'spdx-expression-parse';
import { productionOf, type Lock } from './production.ts';
import { folderOf, services } from './repository.ts';

export type LicencePolicy = {
  /** SPDX identifiers under which a package may run with us. */
  allowed: string[];
  /** Packages whose package.json names no usable licence: the one that was read in them, and where. */
  exceptions: Record<string, { licence: string; reason: string }>;
};

/**
 * What stands against the licences of the packages that the services run with: one sentence each, none when all is well.
 * An exception that no package needs any more is one too.
 */
export function licenceFaults(lock: Lock, policy: LicencePolicy, workspaces: string[] = services.map(folderOf)): string[] {
  const used = new Set<string>();
  const packages = new Map(workspaces.flatMap((folder) => productionOf(lock, folder)).map((one) => [one.path, one]));
  const faults = [...packages.values()].flatMap(({ name, version, license }) => {
    const exception = policy.exceptions[name];
    if (exception && license !== exception.licence) used.add(name);
    const licence = exception?.licence ?? license;
    if (!licence) return [`${name}@${version} names no licence.`];
    return isAllowed(licence, policy.allowed) ? [] : [`${name}@${version} is under ${licence}, which is not in the list.`];
  });
  const unneeded = Object.keys(policy.exceptions).filter((name) => !used.has(name));
  return [...faults, ...unneeded.map((name) => `The exception for ${name} is not needed: take it out.`)].toSorted();
}

function isAllowed(licence: string, allowed: string[]): boolean {
  try {
    return holds(parseExpression(licence.replaceAll(/\b(and|or|with)\b/g, (word) => word.toUpperCase())), allowed);
  } catch {
    return false; // no SPDX expression: nobody can say what it allows
  }
}

function holds(info: Info, allowed: string[]): boolean {
  if ('conjunction' in info) return info.conjunction === 'and' ? holds(info.left, allowed) && holds(info.right, allowed) : holds(info.left, allowed) || holds(info.right, allowed);
  return !('exception' in info) && allowed.includes(info.license);
}
