/**
 * `npm run bench`: starts a suite of its own, measures it beside what it is compared with, and stops everything.
 * `--only <names>`, `--quick` (under three minutes), `--profile`, `--json <file>`, `--write-docs` (what `capacity`
 * measures goes into docs/exploitation.md); `compare a.json b.json` compares two runs and starts nothing.
 */
import { resolve } from 'node:path';
import { main } from './command-line.ts';
import { Failure } from './failure.ts';
import { startJourneySuite, testEnv } from './journeys.ts';
import { root, type Env } from './paths.ts';
import { clearState, runSession } from './session.ts';
import { createSteps } from './steps.ts';
import { build, runTool } from './turbo.ts';
import { wipe } from './wipe.ts';

/** Inspectors that a profile opens choose ports of their own. */
const nodeOptions = '--inspect-port=127.0.0.1:0';

/** A share of all traces, as a suite in service exports it; what failed or was slow comes besides. */
const tracesRatio = 0.05;

await main(async () => {
  const { stateDir, words } = readWords(process.argv.slice(2));
  if (words[0] === 'compare') {
    await build(['generate'], { env: process.env });
    return measure(words, process.env);
  }
  const steps = createSteps();
  await clearState([stateDir], () => wipe(stateDir, process.env));
  return runSession(stateDir, async (session) => {
    const { signal } = session;
    await steps.run('build', () => build(['generate', 'build'], { env: process.env, signal }));
    const own: Env = { ...testEnv(process.env), NODE_ENV: 'production', MEDIAI_THROTTLES: 'off', TRACES_RATIO: process.env.TRACES_RATIO ?? String(tracesRatio), NODE_OPTIONS: [process.env.NODE_OPTIONS, nodeOptions].filter(Boolean).join(' ') };
    if ((await measure(['check', ...words], own, signal)) !== 0) throw new Failure('Nothing was measured.');
    return measure(words, await startJourneySuite(session, steps, own, 'durable'), signal);
  });
});

/** The state directory is the launcher's; all other words are the measurement's, files among them named from where one types. */
function readWords(args: string[]): { stateDir: string; words: string[] } {
  const split = args.flatMap((word) => (/^--(json|state-dir)=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word]));
  const words = split.map((word, n) => (split[n - 1] === '--json' || (split[0] === 'compare' && n > 0) ? resolve(process.env.INIT_CWD ?? '.', word) : word));
  const at = words.indexOf('--state-dir');
  const [, stateDir] = at < 0 ? [] : words.splice(at, 2);
  return { stateDir: resolve(root, stateDir ?? '.mediai/bench'), words };
}

/** Runs bench/src/main.ts; returns its code. */
async function measure(words: string[], env: Env, signal?: AbortSignal): Promise<number> {
  const { code } = await runTool(process.execPath, ['--conditions=@mediai/source', '--expose-gc', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning', 'bench/src/main.ts', ...words], { env, ...(signal ? { signal } : {}), onLine: (line) => console.log(line) });
  return code;
}
