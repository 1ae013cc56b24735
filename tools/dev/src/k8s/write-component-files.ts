/** Writes what deploy/k8s/components says of topics and secrets, from packages/events and the services' own schemas. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicSettings } from '@mediai/events';
import { readSchemas } from '../configuration-docs.ts';
import { root } from '../paths.ts';
import { databaseServices } from '../suite.ts';
import { externalSecretsFile, topicsFile } from './component-files.ts';

const components = join(root, 'deploy/k8s/components');
writeFileSync(join(components, 'kafka-strimzi/topics.yaml'), topicsFile(topicSettings()));
writeFileSync(join(components, 'external-secrets/external-secrets.yaml'), externalSecretsFile(await readSchemas(), databaseServices));
