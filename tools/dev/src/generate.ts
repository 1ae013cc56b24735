/** `npm run generate`: everything that is written from one table or from proto/, committed or not, in its order. */
import { main, readOptions } from './command-line.ts';
import { generateAll } from './generators.ts';
import { createSteps } from './steps.ts';

await main(async () => {
  readOptions({});
  await generateAll(createSteps(), { env: process.env });
  return 0;
});
