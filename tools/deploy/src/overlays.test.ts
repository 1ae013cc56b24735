import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { createValidator, kubernetesVersion } from './openapi/validate.ts';
import { policies } from './policies/index.ts';
import { render } from './render.ts';
import { readServices, root, type Service } from './services.ts';

const k8s = join(root, 'deploy/k8s');
const overlays = globSync('overlays/*/kustomization.yaml', { cwd: k8s }).map((file) => basename(dirname(file))).sort();
const components = globSync('components/*/kustomization.yaml', { cwd: k8s }).map((file) => basename(dirname(file))).sort();
/** The components that an overlay has not taken itself. */
const othersOf = (overlay: string): string[] => {
  const text = readFileSync(join(k8s, 'overlays', overlay, 'kustomization.yaml'), 'utf8');
  return components.filter((component) => !text.includes(`- ../../components/${component}`));
};
/** Each overlay as it is and with all components at once; `npm run test:k8s` tries each component by itself. */
const renderings = overlays.flatMap((overlay): [string, string[]][] => [[overlay, []], [overlay, othersOf(overlay)]]);

let folder = '';
let services: Service[];
const validate = createValidator();

beforeAll(async () => {
  folder = mkdtempSync(join(root, 'tools/deploy/.render-'));
  services = await readServices();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An overlay with components beside it, as a person would add them. */
async function renderWith(overlay: string, added: string[]) {
  const path = (below: string): string => relative(folder, join(k8s, below));
  writeFileSync(join(folder, 'kustomization.yaml'), `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: mediai\nresources: ["${path(`overlays/${overlay}`)}"]\ncomponents: ${JSON.stringify(added.map((component) => path(`components/${component}`)))}\n`);
  return render(folder);
}

it('there are overlays for a machine and for production, and components', () => {
  expect(overlays).toEqual(expect.arrayContaining(['dev', 'production']));
  expect(components).toEqual(expect.arrayContaining(['ingress', 'keda', 'postgres-cnpg']));
});

describe.each(renderings)('overlay %s with components %j', (overlay, added) => {
  it(`renders, is of the form of Kubernetes ${kubernetesVersion} and keeps every policy`, async () => {
    const objects = await renderWith(overlay, added);
    expect(validate(objects)).toEqual([]);
    const faults = Object.entries(policies).flatMap(([name, policy]) => policy(objects, services).map((fault) => `${name}: ${fault}`));
    expect(faults).toEqual([]);
  });
});
