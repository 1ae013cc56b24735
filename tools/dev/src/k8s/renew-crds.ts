/** Writes the pruned schemas of deploy/k8s/crds from the operators' published definitions; needs the registries. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../command-line.ts';
import { createSteps } from '../steps.ts';
import { crdsDir, fetchCrds, readCrds, readCrdSources } from './crd-sources.ts';
import { pruneCrd } from './prune-crd.ts';
import type { PrunedSchema } from './prune-crd.ts';

await main(async () => {
  const steps = createSteps();
  const pruned: PrunedSchema[] = [];
  for (const source of readCrdSources()) {
    await steps.run(`${source.name} ${source.version}`, async () => void pruned.push(...readCrds(await fetchCrds(source, process.env)).map(pruneCrd)));
  }
  for (const file of readdirSync(crdsDir)) if (file.endsWith('.json') && file !== 'sources.json') rmSync(join(crdsDir, file));
  for (const { file, schema } of pruned) writeFileSync(join(crdsDir, file), `${JSON.stringify(schema)}\n`);
  console.log(`${pruned.length} schemas in deploy/k8s/crds`);
  return 0;
});
