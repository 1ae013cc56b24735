import { expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statePaths } from './paths.ts';
import { wipe } from './wipe.ts';

it('wiping a state directory takes everything but its backups', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'mediai-wipe-'));
  const { backups, data, secrets } = statePaths(stateDir);
  for (const dir of [backups, data]) mkdirSync(dir);
  for (const file of [join(backups, 'mediai-20261128T210000Z.tar.zst'), join(data, 'x'), secrets]) writeFileSync(file, 'x');
  await wipe(stateDir, {});
  expect([readdirSync(stateDir), readdirSync(backups)]).toEqual([['backups'], ['mediai-20261128T210000Z.tar.zst']]);
});

it('and without backups nothing is left', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'mediai-wipe-'));
  mkdirSync(statePaths(stateDir).data);
  await wipe(stateDir, {});
  expect(existsSync(stateDir)).toBe(false);
});
