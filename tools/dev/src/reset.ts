/** `npm run reset`: stops the suite and wipes all of its state, the folders and containers outside `.mediai/` included. */
import { existsSync } from 'node:fs';
import { main, readOptions } from './command-line.ts';
import { statePaths } from './paths.ts';
import { endSession } from './session.ts';
import { wipe } from './wipe.ts';

await main(async () => {
  const { stateDir } = readOptions({});
  await endSession(stateDir);
  const wiped = await wipe(stateDir, process.env);
  console.log(wiped.length > 0 ? `✓ Wiped ${wiped.join(', ')}.` : 'There was nothing to wipe.');
  const { backups } = statePaths(stateDir);
  if (existsSync(backups)) console.log(`  Backups are kept: ${backups}`);
  return 0;
});
