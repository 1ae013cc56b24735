import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openPool } from '@mediai/db';
import { topics } from '@mediai/events';
import { Ajv } from 'ajv';
import { readObjects } from '@mediai/deploy';
import type { KubeObject } from '@mediai/deploy';
import { createConsumptions } from '../../../../services/ia/src/consumers.ts';
import { createConsumption } from '../../../../services/notifications/src/consumers.ts';
import { readSchemas } from '../configuration-docs.ts';
import { databaseServices } from '../suite.ts';
import { externalSecretsFile, secretVariables } from './component-files.ts';
import { crdsDir, readCrdSources } from './crd-sources.ts';
import { nameOf } from './objects.ts';
import { componentSets, k8sDir } from './wrap.ts';

const schemaFile = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>) => join(crdsDir, `${apiVersion.replace('/', '_')}_${kind}.json`);
const ajv = new Ajv({ strict: false, logger: false });
const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
const faultsOf = (object: KubeObject): string[] => {
  const file = schemaFile(object);
  const fits = compiled.get(file) ?? ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  compiled.set(file, fits);
  return fits(object) ? [] : fits.errors!.map(({ instancePath, message, params }) => `${nameOf(object)}${instancePath} ${message} ${JSON.stringify(params)}`);
};

const objects = globSync('components/**/*.yaml', { cwd: k8sDir }).sort().flatMap((file) => readObjects(readFileSync(join(k8sDir, file), 'utf8')));
/** Objects of a kind that an operator brings: their group has more than two dots or none of Kubernetes' own. */
const custom = objects.filter(({ apiVersion, kind }) => /\.\w+\//.test(apiVersion) && !/k8s\.io\/|kustomize/.test(apiVersion.replace('gateway.networking.k8s.io/', 'gateway/')) && kind !== 'Kustomization');
const find = (kind: string, name: string) => objects.find((object) => object.kind === kind && object.metadata?.name === name)!;

describe('what an operator publishes', () => {
  test('has a schema for each kind that is used, and for no other', () => {
    const used = new Set([...custom, { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule' }].map(schemaFile));
    expect(readdirSync(crdsDir).filter((file) => file.endsWith('.json') && file !== 'sources.json').map((file) => join(crdsDir, file)).sort()).toEqual([...used].sort());
  });

  test('allows every object of the components', () => {
    expect(custom.length).toBeGreaterThan(40);
    expect(custom.flatMap(faultsOf)).toEqual([]);
  });

  test.each([['Kafka', 'kafka', 'listener'], ['Cluster', 'postgres', 'instance'], ['ScaledObject', 'ia', 'maxReplicas'], ['Certificate', 'auth-grpc', 'dnsName'], ['ExternalSecret', 'auth', 'refresh'], ['HTTPRoute', 'gateway', 'rule']])('refuses a misspelled field of a %s', (kind, name, field) => {
    const object = find(kind, name);
    expect(faultsOf({ ...object, spec: { ...(object.spec as object), [field]: 1 } }).join()).toContain(`"additionalProperty":"${field}"`);
  });

  test('comes in a version that the documentation names', () => {
    const readme = readFileSync(join(k8sDir, 'README.md'), 'utf8');
    for (const { name, version } of readCrdSources()) expect(readme).toContain(`${name} ${version}`);
  });
});

test('every component is a kustomization', () => {
  for (const set of componentSets()) expect(existsSync(join(k8sDir, 'components', set.at(-1)!, 'kustomization.yaml'))).toBe(true);
  expect(componentSets()).toHaveLength(11);
});

describe('scaling by what waits in Kafka', () => {
  type Trigger = { type: string; metadata: { consumerGroup: string; topic: string } };
  const ia = createConsumptions({ takeFicheEvent: async () => undefined, users: { handlers: {}, tombstones: {} } }).map(({ groupId, topics: read }) => ({ groupId, topics: read }));
  const { groupId, topics: read } = createConsumption({} as never, { users: { handlers: {}, tombstones: {} }, etablissements: {}, fiches: {} }, async () => undefined);

  test.each([['ia', ia], ['notifications', [{ groupId, topics: read }]]])('%s asks for groups and topics that the service reads, and never for more replicas than a topic has partitions', (service, consumed) => {
    const spec = find('ScaledObject', service).spec as { minReplicaCount: number; maxReplicaCount: number; triggers: Trigger[] };
    for (const { metadata } of spec.triggers) expect(consumed.find((each) => each.groupId === metadata.consumerGroup)?.topics).toContain(metadata.topic);
    const partitions = Object.values(topics).filter(({ name }) => spec.triggers.some(({ metadata }) => metadata.topic === name)).map((topic) => topic.partitions);
    expect(spec.maxReplicaCount).toBeLessThanOrEqual(Math.min(...partitions));
    expect(spec.minReplicaCount).toBeGreaterThanOrEqual(2);
  });
});

describe('secrets from outside', () => {
  test('a secret variable that is added to a service is in its ExternalSecret', () => {
    const row = { type: 'string', default: '', required: true, description: '' };
    const made = readObjects(externalSecretsFile({ ia: [{ ...row, name: 'NEW_KEY', secret: true }, { ...row, name: 'PLAIN', secret: false }, { ...row, name: 'DEMO', secret: true, default: 'demo' }] }, ['ia']));
    expect(made.map(({ metadata, spec }) => [metadata.name, (spec as { data: { secretKey: string }[] }).data.map(({ secretKey }) => secretKey)])).toEqual([['ia', ['NEW_KEY']], ['ia-migrate', ['DATABASE_OWNER_URL']]]);
  });

  test('every service has its own', async () => {
    for (const [service, rows] of Object.entries(await readSchemas())) {
      const { data } = find('ExternalSecret', service).spec as { data: { secretKey: string }[] };
      expect(data.map(({ secretKey }) => secretKey)).toEqual(secretVariables(rows));
    }
  });
});

describe('who may reach a part', () => {
  type Peer = { podSelector?: { matchExpressions?: { key: string; values: string[] }[] } };
  const namesIn = (peers: Peer[]) => peers.flatMap(({ podSelector }) => podSelector?.matchExpressions?.find(({ key }) => key === 'app.kubernetes.io/name')?.values ?? []).sort();
  const ingressOf = (name: string) => namesIn((find('NetworkPolicy', name).spec as { ingress: { from: Peer[] }[] }).ingress.flatMap(({ from }) => from));
  const listenersOf = () => namesIn((find('Kafka', 'kafka').spec as { kafka: { listeners: { networkPolicyPeers: Peer[] }[] } }).kafka.listeners.flatMap(({ networkPolicyPeers }) => networkPolicyPeers));

  test.each([['REDIS_URL', () => ingressOf('redis-cache')], ['DATABASE_URL', () => ingressOf('postgres-instances')], ['KAFKA_BROKERS', listenersOf]])('are the services whose configuration has %s', async (variable, reached) => {
    const readers = Object.entries(await readSchemas()).filter(([, rows]) => rows.some(({ name }) => name === variable)).map(([service]) => service);
    expect(reached()).toEqual(readers.sort());
  });
});

describe('PostgreSQL takes the connections of every replica', () => {
  const perReplica = openPool('postgresql://any', { service: 'any' }).options.max! + 1; // and the relay's own
  /** Migrations, what looks in, and what PostgreSQL keeps for its superusers. */
  const reserve = 20;
  const hpaOf = (service: string) => readObjects(readFileSync(join(k8sDir, 'base', service, 'hpa.yaml'), 'utf8'))[0]!.spec as { maxReplicas: number };
  const scaledBy = (service: string): number => (objects.find(({ kind, metadata }) => kind === 'ScaledObject' && metadata.name === service)?.spec as { maxReplicaCount: number } | undefined)?.maxReplicaCount ?? 0;
  /** The most that may run of a service: what an autoscaler makes, and one more during a roll-out. */
  const most = (service: string): number => Math.max(hpaOf(service).maxReplicas, scaledBy(service)) + 1;
  const connectionsOf = (replicas: (service: string) => number): number => databaseServices.reduce((sum, service) => sum + replicas(service) * perReplica, reserve);

  test('that an autoscaler or a roll-out may make, where CloudNativePG runs it', () => {
    const { parameters } = (find('Cluster', 'postgres').spec as { postgresql: { parameters: Record<string, string> } }).postgresql;
    expect(Number(parameters.max_connections)).toBeGreaterThanOrEqual(connectionsOf(most));
    expect(Number(parameters.max_connections)).toBeLessThan(connectionsOf((service) => most(service) + 3)); // the sum is one that can be too large
  });

  test.each(['deploy/k8s/overlays/dev/parts/postgresql.yaml', 'deploy/docker/compose.yaml', 'deploy/docker/compose.suite.yaml', 'tools/dev/src/parts/postgres.ts'])('two of each service, as %s gives them', (path) => {
    const [, given] = /max_connections(?:=|: ')(\d+)/.exec(readFileSync(join(k8sDir, '../..', path), 'utf8')) ?? [];
    expect(Number(given)).toBeGreaterThanOrEqual(connectionsOf(() => 2));
  });
});
