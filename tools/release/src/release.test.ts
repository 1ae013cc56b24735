import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeArtefacts } from './artefacts.ts';
import { changelogSection } from './changesets.ts';
import { release, type ReleaseOptions } from './release.ts';
import { createTestRepository, protoFile, removeTestRepositories, type TestRepository } from './repository.memory.ts';
import { versionOf } from './repository.ts';

let repository: TestRepository;
let said: string[];
beforeEach(async () => {
  repository = await createTestRepository();
  said = [];
});
afterEach(() => repository.remove());
afterAll(removeTestRepositories);

const run = (unit: ReleaseOptions['unit'], more: Partial<ReleaseOptions> = {}) =>
  release({
    root: repository.root,
    unit,
    say: (line) => void said.push(line),
    check: async () => [],
    generate: async () => repository.write('deploy/versions.txt', `notifications ${versionOf(repository.root, 'notifications')}\n`),
    ...more,
  });
const refusals = async (unit: ReleaseOptions['unit'], more: Partial<ReleaseOptions> = {}): Promise<string> => {
  const outcome = await run(unit, more);
  return 'refusals' in outcome ? outcome.refusals.join('\n') : `released ${outcome.tag}`;
};
const head = () => repository.git('rev-parse', 'HEAD');
const status = () => repository.git('status', '--porcelain');
const changeProto = (from: string, to: string) => repository.write(protoFile, repository.read(protoFile).replace(from, to));
const addChangeset = (unit: string, type: string) => repository.write(`.changeset/more-${unit}.md`, `---\n'@mediai/${unit}': ${type}\n---\n\nMore.\n`);

describe('a release', () => {
  it('bumps one unit alone by its own changesets, in one commit with one tag', async () => {
    expect(await run('notifications')).toMatchObject({ tag: 'notifications@1.4.0' });
    expect(versionOf(repository.root, 'notifications')).toBe('1.4.0');
    expect([versionOf(repository.root, 'consultation'), versionOf(repository.root, 'proto')]).toEqual(['1.3.0', '1.3.0']);
    expect((await repository.git('log', '--format=%s', '-1')).trim()).toBe('chore(release): notifications@1.4.0');
    expect((await repository.git('rev-parse', 'notifications@1.4.0^{commit}')).trim()).toBe((await head()).trim());
    expect((await repository.git('tag')).trim()).toBe('notifications@1.4.0');
    expect((await repository.git('show', '--format=', '--name-only', 'HEAD')).trim().split('\n').toSorted()).toEqual([
      '.changeset/both.md',
      '.changeset/mine.md',
      'deploy/versions.txt',
      'package-lock.json',
      'services/notifications/CHANGELOG.md',
      'services/notifications/package.json',
      'services/notifications/prisma/released.json',
    ]);
    expect(await status()).toBe('');
    expect(repository.read('deploy/versions.txt')).toBe('notifications 1.4.0\n');
    const lock = JSON.parse(repository.read('package-lock.json')) as { packages: Record<string, { version: string }> };
    expect([lock.packages['services/notifications']?.version, lock.packages['services/consultation']?.version]).toEqual(['1.4.0', '1.3.0']);
  });

  it('writes its changelog and leaves to the others what they wait for', async () => {
    await run('notifications');
    const section = changelogSection(repository.read('services/notifications/CHANGELOG.md'), '1.4.0') ?? '';
    expect(section).toContain('A message says when it was read.');
    expect(section).toContain('A long message is cut at a word.');
    expect(section).not.toContain('A fiche can be printed.');
    expect(existsSync(join(repository.root, '.changeset/mine.md'))).toBe(false);
    expect(repository.read('.changeset/both.md')).toBe("---\n'@mediai/consultation': patch\n---\n\nA message says when it was read.\n");
    expect(await run('consultation')).toMatchObject({ tag: 'consultation@1.4.0' });
    expect(repository.read('services/consultation/CHANGELOG.md')).toContain('A message says when it was read.');
    expect(existsSync(join(repository.root, '.changeset/both.md'))).toBe(false);
    expect(repository.read('services/notifications/CHANGELOG.md')).not.toContain('printed');
  });

  it('comes with a bill of materials of what the service runs with, and with its notes', async () => {
    const outcome = await run('notifications');
    expect(outcome).toMatchObject({ artefacts: ['.mediai/release/notifications-1.4.0.md', '.mediai/release/notifications-1.4.0.cdx.json'] });
    const bom = JSON.parse(repository.read('.mediai/release/notifications-1.4.0.cdx.json')) as { components: { name: string; version: string }[]; metadata: { component: { version: string } } };
    expect(bom.metadata.component.version).toBe('1.4.0');
    expect(bom.components.map(({ name, version }) => [name, version])).toEqual([['pino', '10.4.0']]);
    expect(repository.read('.mediai/release/notifications-1.4.0.md')).toMatch(/^### Minor Changes\n/);
    // They can be written again from its tag, and only from it.
    rmSync(join(repository.root, '.mediai'), { recursive: true });
    expect(await writeArtefacts(repository.root, 'notifications@1.4.0')).toHaveLength(2);
    await expect(writeArtefacts(repository.root, 'notifications@1.3.0')).rejects.toThrow('This checkout holds notifications@1.4.0, not notifications@1.3.0');
    await expect(writeArtefacts(repository.root, 'consultation@1.3.0')).rejects.toThrow('says nothing of 1.3.0');
    await expect(writeArtefacts(repository.root, 'v1.4.0')).rejects.toThrow('no tag of a release');
  });

  it('shows all and writes nothing when it is tried', async () => {
    const before = await head();
    expect(await run('notifications', { dryRun: true })).toEqual({ refusals: [] });
    expect([await head(), await status(), await repository.git('tag')]).toEqual([before, '', '']);
    expect(existsSync(join(repository.root, '.mediai'))).toBe(false);
    const text = said.join('\n');
    for (const words of ['notifications@1.3.0 → notifications@1.4.0 (minor)', 'A message says when it was read.', 'Changesets that end here: mine.', 'without notifications\'s part: both.']) expect(text).toContain(words);
  });

  it('that fails halfway leaves the checkout as it was', async () => {
    const before = await head();
    const generate = async () => {
      repository.write('deploy/half.txt', 'half');
      throw new Error('no generator');
    };
    await expect(run('notifications', { generate })).rejects.toThrow('no generator');
    expect([await head(), await status(), await repository.git('tag')]).toEqual([before, '', '']);
    expect(versionOf(repository.root, 'notifications')).toBe('1.3.0');
    expect(existsSync(join(repository.root, 'deploy/half.txt'))).toBe(false);
  });

  it('builds the image of its service alone, by what builds images here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mediai-builder-'));
    const [path, calls] = [process.env.PATH ?? '', join(folder, 'calls')];
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$@" >> ${calls}\n`);
    chmodSync(join(folder, 'docker'), 0o755);
    process.env.PATH = `${folder}:${path}`;
    try {
      await run('notifications', { image: true });
      expect(readFileSync(calls, 'utf8')).toBe('build -f deploy/docker/Dockerfile.notifications --build-arg VERSION=1.4.0 -t ghcr.io/mediai/notifications:1.4.0 .\n');
    } finally {
      process.env.PATH = path;
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a release is refused', () => {
  it('without a changeset that waits for it', async () => {
    expect(await refusals('proto')).toContain('No changeset waits for proto');
  });

  it('from a checkout with changes', async () => {
    repository.write('services/notifications/neuf.ts', '');
    expect(await refusals('notifications')).toContain('not committed: services/notifications/neuf.ts.');
  });

  it('from another branch than main', async () => {
    await repository.git('checkout', '--quiet', '-b', 'essai');
    expect(await refusals('notifications')).toContain('A release is made on main, not on essai.');
  });

  it('when its tag exists', async () => {
    await repository.git('tag', 'notifications@1.4.0');
    expect(await refusals('notifications')).toContain('The tag notifications@1.4.0 exists already.');
  });

  it('when the checks of the project refuse', async () => {
    const check = async () => {
      repository.write('package.json', '{}');
      repository.write('deploy/stale.txt', 'written anew');
      return ['types: no'];
    };
    expect(await refusals('notifications', { check })).toBe('types: no');
    expect(await status()).toBe('');
  });

  it('when a changeset names what has no releases', async () => {
    repository.write('.changeset/kit.md', "---\n'@mediai/kit': patch\n---\n\nMore.\n");
    await repository.commit();
    expect(await refusals('notifications')).toContain('.changeset/kit.md names @mediai/kit, which has no releases');
  });

  it('when nothing here builds an image and it was not left to the workflow', async () => {
    const path = process.env.PATH ?? '';
    process.env.PATH = path.split(':').filter((dir) => !['docker', 'podman', 'buildah'].some((name) => existsSync(join(dir, name)))).join(':');
    try {
      expect(await refusals('notifications', { image: true })).toContain('add --no-image');
    } finally {
      process.env.PATH = path;
    }
  });

  it('when a migration takes away in the release that stops using it, and when a released one changed', async () => {
    await run('notifications');
    repository.write('services/notifications/prisma/migrations/20260202000000_drop/migration.sql', '-- contract: notifications@1.5.0 uses it no longer\nALTER TABLE "envoi" DROP COLUMN "texte";\n');
    addChangeset('notifications', 'minor');
    await repository.commit();
    expect(await refusals('notifications')).toContain('notifications@1.5.0, which its comment names, is not released; known are 1.4.0.');
    repository.write('services/notifications/prisma/migrations/20260202000000_drop/migration.sql', '-- contract: notifications@1.4.0 uses it no longer\nALTER TABLE "envoi" DROP COLUMN "texte";\n');
    repository.write('services/notifications/prisma/migrations/20260101000000_first/migration.sql', 'SELECT 1;\n');
    await repository.commit();
    expect(await refusals('notifications')).toBe('notifications: 20260101000000_first was released in 1.4.0 and has changed: put it back as it was, and write another migration.');
  });

  it('of a service while contracts are newer than the last release of proto', async () => {
    changeProto('string nom = 2;', 'string nom = 2; string lieu = 3;');
    await repository.commit();
    expect(await refusals('notifications')).toContain('The contracts have changed since proto@1.3.0: release them first');
    addChangeset('proto', 'minor');
    await repository.commit();
    expect(await run('proto')).toMatchObject({ tag: 'proto@1.4.0', artefacts: ['.mediai/release/proto-1.4.0.md'] });
    expect(await run('notifications')).toMatchObject({ tag: 'notifications@1.4.0' });
  });

  it('but not for a comment in a contract', async () => {
    changeProto('service EssaiService', '// What is asked.\nservice EssaiService');
    await repository.commit();
    expect(await run('notifications')).toMatchObject({ tag: 'notifications@1.4.0' });
  });
});

describe('an incompatible contract', () => {
  it('is refused by buf, of proto and of a service; a new major of proto releases it', async () => {
    changeProto('  rpc AskOften(AskOftenRequest) returns (AskOftenResponse);\n', '');
    addChangeset('proto', 'minor');
    await repository.commit();
    for (const unit of ['proto', 'notifications'] as const) {
      const text = await refusals(unit);
      expect(text).toContain('Previously present RPC "AskOften" on service "EssaiService" was deleted');
      expect(text).toContain('needs a changeset of @mediai/proto that says major');
    }
    addChangeset('proto', 'major');
    await repository.commit();
    expect(await refusals('notifications')).toContain('release them first');
    expect(await run('proto')).toMatchObject({ tag: 'proto@2.0.0' });
    expect(await run('notifications')).toMatchObject({ tag: 'notifications@1.4.0' });
    expect(await status()).toBe('');
  });

  it.each([
    ['a field taken away', ' string nom = 2;', '', 'Previously present field "2" with name "nom" on message "AskRequest" was deleted'],
    ['a field renamed', 'string nom = 2;', 'string nom_entier = 2;', 'changed name from "nom" to "nom_entier"'],
  ])('is refused by buf: %s', async (_, from, to, words) => {
    changeProto(from, to);
    await repository.commit();
    expect(await refusals('notifications')).toContain(words);
  });

  it('that gives a number another meaning is refused even with a new major', async () => {
    changeProto('int32 id = 1; string nom = 2;', 'string id = 1; string nom = 2;');
    addChangeset('proto', 'major');
    await repository.commit();
    expect(await refusals('proto')).toContain('mediai.essai.v1.EssaiService/Ask: ');
  });

  it('that does not compile stops the release with its words', async () => {
    changeProto('message AskRequest', 'mesage AskRequest');
    await repository.commit();
    await expect(run('notifications')).rejects.toThrow(/essai_service\.proto:\d+/);
  });
});
