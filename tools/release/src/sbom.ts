import { randomUUID } from 'node:crypto';
import { Contrib, Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import parseExpression from 'spdx-expression-parse';
import { productionOf, readLock, type Installed } from './production.ts';
import { folderOf, type Service } from './repository.ts';

const spec = Spec.Spec1dot6;
const licenceFactory = new Contrib.License.Factories.LicenseFactory(parseExpression);

/**
 * The bill of materials of a service's image, CycloneDX 1.6 as JSON text: each npm package with which it runs, by name,
 * version, licence and hash, and which needs which. What its tests and its build use is not in it.
 * @throws Error when the result is not what CycloneDX's schema asks for
 */
export async function billOfMaterials(root: string, service: Service, version: string, now: Date = new Date()): Promise<string> {
  const [own, ...rest] = productionOf(readLock(root), folderOf(service));
  if (!own) throw new Error(`package-lock.json knows no ${folderOf(service)}.`);
  const components = new Map<string, Models.Component>([[own.path, toComponent({ ...own, version }, Enums.ComponentType.Application)]]);
  for (const one of rest) components.set(one.path, toComponent(one, Enums.ComponentType.Library));
  for (const one of [own, ...rest]) for (const path of one.needs) components.get(one.path)?.dependencies.add(components.get(path)!.bomRef);
  const main = components.get(own.path)!;
  components.delete(own.path);
  const bom = new Models.Bom({
    serialNumber: `urn:uuid:${randomUUID()}`,
    metadata: new Models.Metadata({ component: main, timestamp: now }),
    components: new Models.ComponentRepository(components.values()),
  });
  const text = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(spec)).serialize(bom, { sortLists: true, space: 2 });
  const faults = await schemaFaults(text);
  if (faults) throw new Error(`The bill of materials of ${service} is not valid: ${faults}`);
  return `${text}\n`;
}

/** What CycloneDX's own schema finds wrong with a bill of materials; undefined when nothing. */
export async function schemaFaults(text: string): Promise<string | undefined> {
  const found = await new Validation.JsonStrictValidator(spec.version).validate(text);
  return found === null ? undefined : JSON.stringify(found).slice(0, 2_000);
}

function toComponent({ path, name, version, license, integrity }: Installed, type: Enums.ComponentType): Models.Component {
  const [group, short] = name.startsWith('@') ? (name.split('/') as [string, string]) : [undefined, name];
  return new Models.Component(type, short, {
    group,
    version,
    bomRef: path,
    purl: new PackageURL('npm', group, short, version).toString(),
    hashes: new Models.HashDictionary(hashesOf(integrity)),
    licenses: new Models.LicenseRepository(license ? [licenceFactory.makeFromString(license)] : []),
  });
}

const algorithms: Record<string, Enums.HashAlgorithm> = { sha1: Enums.HashAlgorithm['SHA-1'], sha256: Enums.HashAlgorithm['SHA-256'], sha384: Enums.HashAlgorithm['SHA-384'], sha512: Enums.HashAlgorithm['SHA-512'] };

function hashesOf(integrity = ''): [Enums.HashAlgorithm, string][] {
  return integrity.split(' ').flatMap((one): [Enums.HashAlgorithm, string][] => {
    const [name = '', digest = ''] = one.split(/-(.*)/s);
    const algorithm = algorithms[name];
    return algorithm ? [[algorithm, Buffer.from(digest, 'base64').toString('hex')]] : [];
  });
}
