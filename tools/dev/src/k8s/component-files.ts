import type { TopicSettings } from '@mediai/events';
import type { ConfigRow } from '@mediai/kit/config';
import { stringify } from 'yaml';

const header = '# Written by "npm run generate", not edited by hand.\n';
const document = (objects: object[]): string => header + objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n');

/** A KafkaTopic for each topic of the suite. Three replicas, of which two acknowledge, as the cluster of the same component has it. */
export function topicsFile(topics: TopicSettings[]): string {
  return document(topics.map(({ name, partitions, config }) => ({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name, labels: { 'strimzi.io/cluster': 'kafka' } },
    spec: { partitions, replicas: 3, config },
  })));
}

/** What of a schema comes from a Secret: a secret with a default belongs to demonstrations alone. */
export const secretVariables = (rows: ConfigRow[]): string[] => rows.filter(({ secret, default: fallback }) => secret && fallback === '').map(({ name }) => name);

/**
 * An ExternalSecret for each service, with every secret variable of its schema, and one for each migration.
 * @param schemas each service's configuration, as rows
 * @param migrated the services that own a database
 */
export function externalSecretsFile(schemas: Record<string, ConfigRow[]>, migrated: readonly string[]): string {
  const services = Object.entries(schemas).map(([service, rows]) => externalSecret(service, secretVariables(rows)));
  return document([...services, ...migrated.map((service) => externalSecret(`${service}-migrate`, ['DATABASE_OWNER_URL']))]);
}

/** One Secret, each of whose keys is a property of the entry `mediai/<name>` in the store. */
function externalSecret(name: string, variables: string[]): object {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'mediai' },
      // Deleting this object must not take the Secret of a running service away.
      target: { name, creationPolicy: 'Orphan', deletionPolicy: 'Retain' },
      data: variables.map((variable) => ({ secretKey: variable, remoteRef: { key: `mediai/${name}`, property: variable } })),
    },
  };
}
