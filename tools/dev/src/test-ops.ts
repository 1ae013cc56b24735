/** `npm run test:ops`: what people who run MediAI rely on, shown on real tools; outside `npm test`. `--only images,backup`. */
import { join } from 'node:path';
import type { Verdict } from './checks.ts';
import { main, readOptions } from './command-line.ts';
import { Failure, sentenceOf } from './failure.ts';
import type { OpsContext } from './ops/context.ts';
import { opsChecks } from './ops/index.ts';
import { runSession } from './session.ts';
import { createSteps } from './steps.ts';
import { summary } from './summary.ts';
import type { Row } from './summary.ts';
import { wipe } from './wipe.ts';

await main(async () => {
  const { values, stateDir } = readOptions({ only: { type: 'string' } }, undefined, '.mediai/ops');
  const asked = values.only?.split(',') ?? Object.keys(opsChecks);
  const unknown = asked.filter((name) => !(name in opsChecks));
  if (unknown.length > 0) throw new Failure(`No such check: ${unknown.join(', ')}; known are ${Object.keys(opsChecks).join(', ')}.`);
  await wipe(stateDir, process.env);
  const steps = createSteps();
  const began = Date.now();
  return runSession(stateDir, async (session) => {
    const rows: Row[] = [];
    for (const name of asked) {
      const start = Date.now();
      const context: OpsContext = { env: process.env, signal: session.signal, stateDir: join(stateDir, name), steps };
      const verdict = await steps.run(name, () => opsChecks[name]!(context).catch((error): Verdict => ({ passed: 0, failed: 1, words: sentenceOf(error, stateDir) })), ({ failed }) => failed === 0);
      session.signal.throwIfAborted();
      if (verdict.failed > 0) steps.print(`\n── ${name} ──\n${verdict.words}\n`);
      rows.push({ name, ms: Date.now() - start, ...verdict });
    }
    console.log(summary(rows, Date.now() - began));
    return rows.some((row) => row.failed > 0) ? 1 : 0;
  });
});
