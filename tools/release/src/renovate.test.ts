import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ownRoot, readJson } from './repository.ts';
import type { Actions } from './workflows.ts';

type Rule = { matchUpdateTypes?: string[]; automerge?: boolean; minimumReleaseAge?: string };
const config = readJson<{ automerge: boolean; minimumReleaseAge: string; rangeStrategy: string; schedule: string[]; packageRules: Rule[]; customManagers: { matchStrings: string[] }[] }>(ownRoot, 'renovate.json');

describe('updates of packages', () => {
  it('are pinned, wait seven days, come at set times and are merged by people', () => {
    expect(config).toMatchObject({ automerge: false, minimumReleaseAge: '7 days', rangeStrategy: 'pin' });
    expect(config.schedule).toHaveLength(1);
    expect(config.packageRules.filter(({ automerge }) => automerge)).toEqual([]);
    expect(config.packageRules.find(({ matchUpdateTypes }) => matchUpdateTypes?.includes('major'))).toMatchObject({ automerge: false, minimumReleaseAge: '30 days' });
  });

  it('reach each action of the table, which moves with the workflows', () => {
    const text = readFileSync(join(ownRoot, 'tools/release/actions.json'), 'utf8');
    const found = [...text.matchAll(new RegExp(config.customManagers[0]!.matchStrings[0]!, 'g'))].map(({ groups }) => [groups?.['depName'], { version: groups?.['currentValue'], sha: groups?.['currentDigest'] }]);
    expect(Object.fromEntries(found)).toEqual(readJson<Actions>(ownRoot, 'tools/release/actions.json'));
  });
});
