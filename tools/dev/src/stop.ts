/** `npm run stop`: ends every process that `npm start` started, and nothing else. */
import { main, readOptions } from './command-line.ts';
import { endSession } from './session.ts';

await main(async () => {
  const { stateDir } = readOptions({});
  const ended = await endSession(stateDir);
  console.log(ended.length > 0 ? `✓ Stopped (${ended.join(', ')}).` : 'Nothing was running.');
  return 0;
});
