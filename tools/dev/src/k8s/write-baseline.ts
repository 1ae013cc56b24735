/** Keeps `production` as it is released: the manifests that the next release has to go over. A release runs it, nothing else does. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { render } from '@mediai/deploy';
import type { KubeObject } from '@mediai/deploy';
import { baselineFile } from './check-upgrade.ts';
import { k8sDir } from './wrap.ts';

/** The text of a baseline. */
export const baselineOf = (objects: KubeObject[]): string =>
  `# deploy/k8s/overlays/production as the last release had it. Written by a release, not edited by hand.\n${objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n')}`;

if (import.meta.main) writeFileSync(baselineFile, baselineOf(await render(join(k8sDir, 'overlays/production'))));
