import { describe, expect, it } from '@jest/globals';
import { licenceFaults, type LicencePolicy } from './licences.ts';
import { readLock } from './production.ts';
import { ownRoot, readJson } from './repository.ts';

const policy = readJson<LicencePolicy>(ownRoot, 'tools/release/licences.json');

const lock = (license: string | undefined, more: object = {}) => ({
  packages: {
    'services/x': { version: '1.0.0', license: 'MIT', dependencies: { a: '1.0.0' } },
    'node_modules/a': { version: '1.0.0', license },
    'node_modules/tool': { version: '1.0.0', license: 'GPL-3.0-only' },
    ...more,
  },
});
const faults = (license: string | undefined, exceptions: LicencePolicy['exceptions'] = {}) => licenceFaults(lock(license), { allowed: ['MIT', 'Apache-2.0', 'BSD-3-Clause'], exceptions }, ['services/x']);

describe('licences', () => {
  it('of every package that a service runs with are in the list', () => {
    expect(licenceFaults(readLock(ownRoot), policy)).toEqual([]);
  });

  it.each(['GPL-3.0-only', 'AGPL-3.0-or-later', 'SEE LICENSE IN FILE', '(MIT AND GPL-2.0-only)', 'Apache-2.0 WITH LLVM-exception', undefined])('%s is refused', (license) => {
    expect(faults(license)).toHaveLength(1);
  });

  it.each(['MIT', '(GPL-2.0-only OR MIT)', '(Apache-2.0 AND BSD-3-Clause)', 'MIT and Apache-2.0'])('%s is taken', (license) => {
    expect(faults(license)).toEqual([]);
  });

  it('a package that only tests use is not asked', () => {
    expect(faults('MIT')).toEqual([]);
  });

  it('an exception serves while it is needed, and is refused afterwards', () => {
    const a = { licence: 'BSD-3-Clause', reason: 'read in its LICENSE' };
    expect(faults('BSD', { a })).toEqual([]);
    expect(faults('BSD-3-Clause', { a })).toEqual(['The exception for a is not needed: take it out.']);
    expect(faults('MIT', { gone: a })).toEqual(['The exception for gone is not needed: take it out.']);
  });

  it('an exception is for a licence in the list all the same', () => {
    expect(faults(undefined, { a: { licence: 'GPL-3.0-only', reason: 'read' } })).toHaveLength(1);
  });
});
