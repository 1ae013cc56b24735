import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { serviceNames } from '../suite.ts';
import { compiled, writeDockerfile } from './dockerfile.ts';
import { findEngine } from './engine.ts';
import type { ImageConfig } from './engine.ts';
import { withVersions } from './generate.ts';
import { bytesAbove, configFaults, contentFaults, developmentPackages, missingFiles } from './image-contents.ts';
import { productionWorkspaces, readWorkspaces } from './workspaces.ts';

const workspaces = readWorkspaces();
type Entry = { version?: string; os?: string[]; dependencies?: Record<string, string>; optionalDependencies?: Record<string, string>; link?: boolean; resolved?: string };
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };

/** Where npm finds `name` from `folder`: the nearest node_modules above it. */
function locate(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = at.replace(/(?:^|\/)[^/]*$/, '')) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (lock.packages[place]) return lock.packages[place].link ? lock.packages[place].resolved : place;
    if (at === '') return undefined;
  }
}

/** The packages made for one platform that something a service runs with would load, by scope or name. */
function platformPackages(folder: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(folder)) return found;
  seen.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = lock.packages[folder] ?? {};
  for (const name of Object.keys(optionalDependencies)) {
    const place = locate(name, folder);
    if (place && lock.packages[place]?.os) found.add(name.split('/')[0]!);
  }
  for (const name of Object.keys(dependencies)) {
    const place = locate(name, folder);
    if (place) for (const other of platformPackages(place, seen)) found.add(other);
  }
  return found;
}

describe('a Dockerfile', () => {
  it('is the same text for every service but for its name, its folders and its ports', () => {
    const plain = (service: (typeof serviceNames)[number]) => {
      const folders = productionWorkspaces(`@mediai/${service}`, workspaces).map(({ folder }) => folder).join(' ');
      const description = workspaces.get(`@mediai/${service}`)!.description;
      return writeDockerfile(service, workspaces, '2.0.0').replace(folders, 'FOLDERS').replace(description, '').replace(/EXPOSE .*/, '').replace(/COPY --from=build \/app\/node_modules.*\n/, '').replace(new RegExp(`\\b${service}\\b`, 'g'), 'SERVICE');
    };
    expect(new Set(serviceNames.map(plain)).size).toBe(1);
  });

  it('brings the compiled code of every package that has some', () => {
    for (const service of serviceNames) expect([...platformPackages(`services/${service}`)]).toEqual(compiled[service] ?? []);
  });

  it('holds the workspaces that a service runs on, and none that only tests', () => {
    const names = productionWorkspaces('@mediai/gateway', workspaces).map(({ name }) => name);
    expect(names).toEqual(['@mediai/contracts', '@mediai/fiche', '@mediai/kit', '@mediai/gateway']);
    expect(() => productionWorkspaces('@mediai/nobody', workspaces)).toThrow('@mediai/nobody is no workspace');
  });
});

it('a version goes to every place that names it', () => {
  const compose = 'image: ghcr.io/mediai/ia:0.1.0\nbuild: { dockerfile: deploy/docker/Dockerfile.ia, args: { VERSION: 0.1.0 } }\nimage: postgres:18.4\n';
  expect(withVersions(compose, { ia: '1.4.0' })).toBe('image: ghcr.io/mediai/ia:1.4.0\nbuild: { dockerfile: deploy/docker/Dockerfile.ia, args: { VERSION: 1.4.0 } }\nimage: postgres:18.4\n');
  expect(() => withVersions('image: ghcr.io/mediai/web:0.1.0', { ia: '1.4.0' })).toThrow('which is no service');
});

describe('an image', () => {
  const fileOf = (path: string) => ({ path, bytes: 10 });
  const config: ImageConfig = { user: '65532:65532', workingDir: '/app/services/ia', command: ['node', 'dist/main.js'], labels: { 'org.opencontainers.image.version': '1.4.0' }, env: ['PATH=/bin', 'NODE_ENV=production'] };

  it('is refused for a file of tests, of sources, of a person or of a package for development', () => {
    const wanted = ['/app/services/ia/dist/main.js', '/app/packages/kit/dist/config/index.js.map', '/app/services/ia/prisma/migrations/1_a/migration.sql', '/app/node_modules/pg/lib/index.js', '/usr/lib/libc.so'];
    const unwanted = [
      '/app/services/ia/dist/rpc.test.js', '/app/services/ia/dist/x.memory.js', '/app/services/ia/src/main.ts', '/app/services/ia/prisma.config.ts', '/app/packages/testing/dist/index.js',
      '/app/node_modules/pg/index.d.ts', '/app/package-lock.json', '/app/services/ia/.env', '/app/.git/config', '/app/services/ia/tls.key', '/root/.npmrc', '/app/node_modules/typescript/lib/tsc.js',
    ];
    expect(contentFaults(wanted.map(fileOf), ['node_modules/typescript'])).toEqual([]);
    for (const path of unwanted) expect(contentFaults([fileOf(path)], ['node_modules/typescript']).join()).toContain(path);
    expect(developmentPackages()).toEqual(expect.arrayContaining(['node_modules/jest', 'node_modules/@bufbuild/buf', 'node_modules/turbo']));
    expect(developmentPackages()).not.toContain('node_modules/pg');
  });

  it('is refused without its program, its migrations or their schema', () => {
    const files = ['dist/main.js', 'dist/migrate.js', 'package.json', 'prisma/schema/datasource.prisma', 'prisma/migrations/1_a/migration.sql'].map((name) => `/app/services/ia/${name}`);
    expect(missingFiles('ia', files.map(fileOf), true)).toEqual([]);
    for (const file of files) expect(missingFiles('ia', files.filter((other) => other !== file).map(fileOf), true)).toHaveLength(1);
    expect(missingFiles('gateway', [fileOf('/app/services/gateway/dist/main.js'), fileOf('/app/services/gateway/package.json')], false)).toEqual([]);
  });

  it('is refused as another user, with another command or version, or with a secret among its variables', () => {
    expect(configFaults('ia', '1.4.0', config)).toEqual([]);
    const wrong: [Partial<ImageConfig>, string][] = [
      [{ user: 'root' }, 'its user is "root"'], [{ workingDir: '/' }, 'it begins in /'], [{ command: ['sh'] }, 'it runs "sh"'],
      [{ labels: {} }, 'its label says'], [{ env: ['DATABASE_URL=postgresql://a:b@c/d'] }, 'it carries the variable DATABASE_URL'],
    ];
    for (const [part, fault] of wrong) expect(configFaults('ia', '1.4.0', { ...config, ...part }).join()).toContain(fault);
  });

  it('counts what it adds to its base', () => {
    expect(bytesAbove([fileOf('/a')], [fileOf('/a'), fileOf('/b'), fileOf('/c')])).toBe(20);
  });
});

describe('what builds images', () => {
  /** A folder with programs of these names, each a shell script. */
  const programs = (scripts: Record<string, string>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'mediai-engine-'));
    for (const [name, script] of Object.entries(scripts)) writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return folder;
  };

  it('is Docker, or buildah where no engine of Docker answers, or a sentence that says what to do', async () => {
    expect((await findEngine({ PATH: programs({ docker: 'echo 29.0.0', buildah: 'exit 1' }) })).name).toBe('docker');
    expect((await findEngine({ PATH: programs({ docker: 'exit 1', buildah: 'exit 1' }) })).name).toBe('buildah');
    await expect(findEngine({ PATH: programs({}) })).rejects.toThrow(/^Images need Docker or buildah: .*install buildah/);
  });

  it('says which image could not be built, in the words of the one who tried', async () => {
    const engine = await findEngine({ PATH: programs({ buildah: 'echo "no such stage"; exit 1' }) });
    await expect(engine.build('Dockerfile', 'mediai/ia:1', {}, new AbortController().signal)).rejects.toThrow(/mediai\/ia:1 could not be built:\s+no such stage/);
  });

  it('gives a container its variables and folders, and leaves none behind', async () => {
    const said = join(programs({}), 'said.log');
    const folder = programs({ buildah: `echo "$@" >> ${said}; [ "$1" = from ] && echo ia-working-container; exit 0` });
    const engine = await findEngine({ PATH: folder });
    const { command, args } = await engine.command('mediai/ia:1', ['node', 'dist/main.js'], { env: { A: '1', B: undefined }, folders: ['/files'] });
    expect([command, ...args]).toEqual([join(folder, 'buildah'), 'run', '-v', '/files:/files', '--env', 'A=1', 'ia-working-container', '--', 'node', 'dist/main.js']);
    await engine.clear();
    expect(readFileSync(said, 'utf8')).toMatch(/rm ia-working-container\n$/);
  });
});
