import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { root } from './paths.ts';
import type { Steps } from './steps.ts';
import { build, runTool, toolEnv } from './turbo.ts';
import type { TurboOptions } from './turbo.ts';

/** Programs that write committed sources, before code generation reads them. */
const sources = [
  { name: 'Fields of a fiche', script: 'packages/fiche/src/generate/main.ts' },
  { name: 'Shared tables', script: 'packages/db/src/generate-schema.ts' },
];

/** Programs that write committed documents, after code generation. */
const documents = [
  { name: 'Configuration', script: 'tools/dev/src/configuration-docs.ts' },
  { name: 'Images', script: 'tools/dev/src/docker/generate.ts' },
  { name: 'OpenAPI', script: 'services/gateway/src/openapi-document.ts' },
  { name: 'Kubernetes', script: 'tools/deploy/src/generate.ts' },
  { name: 'Topics and secrets of a cluster', script: 'tools/dev/src/k8s/write-component-files.ts' },
  { name: 'Dashboards and rules', script: 'tools/observability/src/generate.ts' },
];

/** The committed files and folders that `npm run generate` writes: none may differ from what it would write now. */
export const derivatives = [
  'proto/mediai/consultation/v1/fiche.proto',
  'services/*/prisma/schema',
  'services/*/prisma.config.ts',
  'packages/fiche/generated',
  'docs/openapi.json',
  '.env.example',
  'README.md',
  'deploy/docker/Dockerfile.*',
  'deploy/docker/compose.suite.yaml',
  'deploy/k8s/base/*/generated',
  'deploy/k8s/components/kafka-strimzi/topics.yaml',
  'deploy/k8s/components/external-secrets/external-secrets.yaml',
  'deploy/grafana/dashboards',
  'deploy/grafana/kustomization.yaml',
  'deploy/prometheus/rules',
  'deploy/prometheus/prometheus-rule.yaml',
];

/** Runs every generator in its order. Throws a Failure that names the one that failed. */
export async function generateAll(steps: Steps, options: TurboOptions): Promise<void> {
  for (const generator of sources) await steps.run(generator.name, () => runGenerator(generator, options));
  await steps.run('Generated code', () => build(['generate'], options));
  for (const generator of documents) await steps.run(generator.name, () => runGenerator(generator, options));
}

async function runGenerator(generator: { name: string; script: string }, options: TurboOptions): Promise<string> {
  if (!existsSync(join(root, generator.script))) throw new Failure(`${generator.script} is missing: the checkout is incomplete.`);
  const { code, output } = await runTool(process.execPath, ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', generator.script], { ...options, env: toolEnv(options.env) });
  if (code !== 0) throw new Failure(`${generator.script} failed: ${output.split('\n').find((line) => /error/i.test(line)) ?? output.split('\n').at(-1)}`);
  return '';
}
