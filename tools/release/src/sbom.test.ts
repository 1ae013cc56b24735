import { describe, expect, it } from '@jest/globals';
import { productionOf, type LockEntry } from './production.ts';
import { ownRoot, readJson, services } from './repository.ts';
import { billOfMaterials, schemaFaults } from './sbom.ts';

type Bom = { metadata: { component: { name: string; version: string } }; components: { group?: string; name: string; version: string; purl: string; hashes?: { alg: string; content: string }[] }[]; dependencies: { ref: string; dependsOn?: string[] }[] };
const bomOf = async (service: (typeof services)[number]): Promise<Bom> => JSON.parse(await billOfMaterials(ownRoot, service, '9.8.7')) as Bom;

describe('a bill of materials', () => {
  it.each(services)('of %s is valid and names each of its dependencies with its version, and none that only tests use', async (service) => {
    const bom = await bomOf(service);
    const names = new Map(bom.components.map((one) => [[one.group, one.name].filter(Boolean).join('/'), one]));
    expect(bom.metadata.component).toMatchObject({ name: service, version: '9.8.7' });
    const { dependencies } = readJson<{ dependencies: Record<string, string> }>(ownRoot, 'services', service, 'package.json');
    for (const [name, version] of Object.entries(dependencies)) expect([name, names.get(name)?.version]).toEqual([name, version]);
    expect(['@mediai/testing', '@swc/core', 'jest', 'oxlint', 'prisma', 'turbo', 'typescript'].filter((name) => names.has(name))).toEqual([]);
  });

  it('holds what a dependency needs in turn, its hash, and who needs it', async () => {
    const bom = await bomOf('notifications');
    const pino = bom.components.find(({ name }) => name === 'pino');
    expect(pino).toMatchObject({ purl: expect.stringMatching(/^pkg:npm\/pino@\d+\.\d+\.\d+$/), hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }] });
    expect(bom.dependencies.find(({ ref }) => ref === 'packages/kit')?.dependsOn).toContain('node_modules/pino');
  });

  it('is of one service alone', async () => {
    const names = (await bomOf('notifications')).components.map(({ name }) => name);
    expect(names).toContain('twilio');
    expect((await bomOf('appointments')).components.map(({ name }) => name)).not.toContain('twilio');
  });

  it("that is not what CycloneDX's schema says is told", async () => {
    const text = await billOfMaterials(ownRoot, 'appointments', '1.0.0');
    expect(await schemaFaults(text)).toBeUndefined();
    expect(await schemaFaults(text.replace('"library"', '"bibliothèque"'))).toContain('type');
  });
});

describe('what a workspace runs with', () => {
  const entries: Record<string, LockEntry> = {
    'services/x': { version: '1.0.0', dependencies: { a: '1.0.0', '@mediai/kit': '0.1.0' } },
    'node_modules/@mediai/kit': { link: true, resolved: 'packages/kit' },
    'packages/kit': { version: '0.1.0', name: '@mediai/kit', dependencies: { b: '2.0.0' } },
    'node_modules/a': { version: '1.0.0', dependencies: { b: '1.0.0' }, optionalDependencies: { mac: '1.0.0', linux: '1.0.0', gone: '1.0.0' }, peerDependencies: { peer: '*', maybe: '*' }, peerDependenciesMeta: { maybe: { optional: true } } },
    'node_modules/a/node_modules/b': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/mac': { version: '1.0.0', os: ['darwin'] },
    'node_modules/linux': { version: '1.0.0', os: ['!win32'], cpu: ['x64'], libc: ['glibc'] },
    'node_modules/peer': { version: '1.0.0' },
    'node_modules/maybe': { version: '1.0.0' },
  };

  it('is found as Node finds it: the nearest folder first, links followed, other systems and optional peers left out', () => {
    expect(productionOf({ packages: entries }, 'services/x').map(({ path }) => path).toSorted()).toEqual(
      ['services/x', 'packages/kit', 'node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/b', 'node_modules/linux', 'node_modules/peer'].toSorted(),
    );
  });

  it('is refused where the lock file lacks a package', () => {
    const { 'node_modules/b': _, ...rest } = entries;
    expect(() => productionOf({ packages: rest }, 'services/x')).toThrow('package-lock.json has no b, which packages/kit needs');
  });
});
