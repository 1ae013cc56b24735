import { describe, expect, it } from '@jest/globals';
import { databaseServices } from '../suite.ts';
import { knownMigrations, platform, readContents, type Contents } from './contents.ts';
import { filesDirOf, refuseOthers } from './setting.ts';

const known = knownMigrations();
const contents = (changes: Partial<Contents> = {}): string => JSON.stringify({ format: 1, madeAt: '2026-11-28T21:00:00.000Z', platform, postgres: { major: 18, version: '18.4' }, services: {}, migrations: known, files: true, ...changes });
const read = (text: string) => readContents(text, { major: 18, known });

describe('what a backup says of itself', () => {
  it('is taken of this code, and of an older one, whose migrations are a part of ours', () => {
    expect(read(contents()).madeAt).toBe('2026-11-28T21:00:00.000Z');
    for (const service of databaseServices) expect(known[service].length).toBeGreaterThan(0);
    expect(read(contents({ migrations: { ...known, ia: known.ia.slice(0, 1) } })).format).toBe(1);
  });

  it('of a newer code is refused, and the migration is named', () => {
    expect(() => read(contents({ migrations: { ...known, ia: [...known.ia, '20991231000000_demain'] } }))).toThrow(/newer MediAI .*ia 20991231000000_demain.*update the code first/);
  });

  it('of another kind of machine, another PostgreSQL or another format is refused', () => {
    expect(() => read(contents({ platform: 'sunos-sparc' }))).toThrow(/made on sunos-sparc/);
    expect(() => read(contents({ postgres: { major: 17, version: '17.2' } }))).toThrow(/PostgreSQL 17 .* 18/);
    expect(() => read(contents({ format: 2 as 1 }))).toThrow(/format 2/);
    expect(() => read('<html>')).toThrow(/no backup of MediAI/);
  });
});

describe('what is not ours to back up', () => {
  it('a PostgreSQL given by URL is refused, with what to do', () => {
    expect(() => refuseOthers({}, 'backup')).not.toThrow();
    expect(() => refuseOthers({ POSTGRES_URL: 'postgresql://x/y' }, 'backup')).toThrow(/pg_dump/);
    expect(() => refuseOthers({ POSTGRES_URL: 'postgresql://x/y' }, 'restore')).toThrow(/restore -- after/);
  });

  it('files in a bucket are not looked for on the disk', () => {
    expect(filesDirOf({}, '/s/files')).toBe('/s/files/consultation');
    expect(filesDirOf({ CONSULTATION_FICHIERS_DIR: '/f' }, '/s/files')).toBe('/f');
    expect(filesDirOf({ CONSULTATION_FICHIERS_DIR: '/f', S3_BUCKET: 'b' }, '/s/files')).toBeUndefined();
  });
});
