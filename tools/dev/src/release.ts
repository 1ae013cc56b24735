/**
 * `npm run release -- <service|proto>`: its next version, changelog, commit, tag, bill of materials and image.
 * `--dry-run` shows all and writes nothing; `--no-image` leaves the image to the workflow; `--artefacts <tag>` writes
 * notes and bill of materials of the release that is checked out.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkBufLint, checkGenerated, checkTypes } from './checks.ts';
import type { CheckContext } from './checks.ts';
import { main, readOptions } from './command-line.ts';
import { Failure } from './failure.ts';
import { generateAll } from './generators.ts';
import { root } from './paths.ts';
import { createSteps } from './steps.ts';
import { build, runTool, toolEnv } from './turbo.ts';

const manifestsBaseline = 'tools/dev/src/k8s/write-baseline.ts';

await main(async () => {
  const { values, positionals } = readOptions({ 'dry-run': { type: 'boolean' }, 'no-image': { type: 'boolean' }, artefacts: { type: 'string' } });
  await build(['generate'], { env: process.env });
  const { isUnit, release, units, writeArtefacts } = await import('@mediai/release'); // stands on generated code, which was not there before
  if (values.artefacts) {
    for (const file of await writeArtefacts(root, values.artefacts)) console.log(file);
    return 0;
  }
  const [unit] = positionals;
  if (!isUnit(unit)) throw new Failure(`Say what to release: "npm run release -- <${units.join('|')}>".`);
  const outcome = await release({
    root,
    unit,
    dryRun: values['dry-run'] ?? false,
    // In a workflow images are built by the step after this one.
    image: !values['no-image'] && !process.env.CI,
    say: (line) => console.log(line),
    check,
    generate,
  });
  if (!('refusals' in outcome)) return 0;
  for (const refusal of outcome.refusals) console.error(`✗ ${refusal}`);
  return outcome.refusals.length > 0 ? 1 : 0;
});

/** What derives from the new version, and the manifests that the next release has to go over. */
async function generate(): Promise<void> {
  await generateAll(createSteps(), { env: process.env });
  if (!existsSync(join(root, manifestsBaseline))) return; // a checkout without manifests
  const { code, output } = await runTool(process.execPath, ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', manifestsBaseline], { env: toolEnv(process.env) });
  if (code !== 0) throw new Failure(`deploy/k8s/baseline.yaml was not written: ${output}`);
}

/** What must hold of the whole project before any part of it is released; the workflow runs all of `npm test` besides. */
async function check(): Promise<string[]> {
  const context: CheckContext = { env: process.env, signal: new AbortController().signal };
  const steps = createSteps();
  const checks = { generated: checkGenerated, 'buf-lint': checkBufLint, types: checkTypes };
  const refusals: string[] = [];
  for (const [name, one] of Object.entries(checks)) {
    const { failed, words } = await steps.run(name, () => one(context), ({ failed }) => failed === 0);
    if (failed > 0) refusals.push(`${name}: ${words}`);
  }
  return refusals;
}
