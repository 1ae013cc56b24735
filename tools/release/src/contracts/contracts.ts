import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileRegistry, fromBinary, toBinary, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, type FileDescriptorSet } from '@bufbuild/protobuf/wkt';
import { output, tool } from '../repository.ts';

/** The contracts of the last release of proto, from the root: what running services of the previous version speak. */
export const baselinePath = 'proto/baseline.binpb';

/** The contracts as they stand in the checkout at `root`. @throws Error with buf's words where they do not compile */
export async function currentContracts(root: string): Promise<FileDescriptorSet> {
  const folder = mkdtempSync(join(tmpdir(), 'mediai-contracts-'));
  try {
    const file = join(folder, 'contracts.binpb');
    await output(root, tool('buf'), ['build', 'proto', '--exclude-source-info', '-o', file]);
    return fromBinary(FileDescriptorSetSchema, readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The contracts of the last release. @throws Error where the checkout has none */
export function releasedContracts(root: string): FileDescriptorSet {
  const file = join(root, baselinePath);
  if (!existsSync(file)) throw new Error(`${baselinePath} is missing: it is written by each release of proto; take it from the last one's tag.`);
  return fromBinary(FileDescriptorSetSchema, readFileSync(file));
}

/** Makes the contracts of the checkout those of the last release. */
export async function renewBaseline(root: string): Promise<void> {
  await output(root, tool('buf'), ['build', 'proto', '--exclude-source-info', '-o', baselinePath]);
}

/** Whether two sets of contracts say the same; comments and the order of files say nothing. */
export const saySame = (one: FileDescriptorSet, other: FileDescriptorSet): boolean => spoken(one).equals(spoken(other));

function spoken(set: FileDescriptorSet): Buffer {
  const file = set.file.map((one) => ({ ...one, sourceCodeInfo: undefined, $unknown: undefined })).toSorted((a, b) => a.name.localeCompare(b.name));
  return Buffer.from(toBinary(FileDescriptorSetSchema, { ...set, file, $unknown: undefined }));
}

/** What `buf breaking` finds incompatible with the last release, a line each. */
export async function breakingChanges(root: string): Promise<string[]> {
  try {
    await output(root, tool('buf'), ['breaking', 'proto', '--against', baselinePath]);
    return [];
  } catch (error) {
    const lines = (error as Error).message.replace(/^\S+ breaking: /, '').split('\n').filter(Boolean);
    if (!lines.some((line) => /^\S+\.proto:|<input>/.test(line))) throw error; // not a finding: buf itself could not run
    return lines;
  }
}

export const toRegistry = (set: FileDescriptorSet): FileRegistry => createFileRegistry(set);
