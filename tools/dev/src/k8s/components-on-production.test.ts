import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { render } from '@mediai/deploy';
import type { KubeObject } from '@mediai/deploy';
import { readSchemas } from '../configuration-docs.ts';
import { databaseServices, serviceNames } from '../suite.ts';
import { nameOf, podOf } from './objects.ts';
import { writeWrapper } from './wrap.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'mediai-components-')));
afterAll(() => rmSync(dir, { recursive: true }));

/** Side by side, as a cluster has them. */
const rendered = render(writeWrapper(dir, { overlay: 'production', components: ['grpc-mtls', 'keda', 'postgres-cnpg', 'postgres-cnpg/restore', 'external-secrets'] }));
const ofKind = (objects: KubeObject[], kind: string) => objects.filter((object) => object.kind === kind);
const mountsOf = (object: KubeObject): string[] => (podOf(object)!.containers[0] as unknown as { volumeMounts: { mountPath: string }[] }).volumeMounts.map(({ mountPath }) => mountPath);

describe('mutual TLS', () => {
  test('every service has the certificate of its own name, where its configuration looks for it', async () => {
    const objects = await rendered;
    const certificates = new Map(ofKind(objects, 'Certificate').map(({ spec }) => [spec.secretName as string, spec as { dnsNames: string[]; usages: string[] }]));
    const deployments = ofKind(objects, 'Deployment');
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([...serviceNames].sort());
    for (const deployment of deployments) {
      const { env = [] } = podOf(deployment)!.containers[0] as unknown as { env?: { name: string; value?: string }[] };
      const files = env.filter(({ name }) => name.startsWith('GRPC_TLS_')).map(({ value }) => value!);
      expect(files).toEqual(['ca.crt', 'tls.crt', 'tls.key'].map((file) => `/etc/mediai/grpc/${file}`));
      expect(mountsOf(deployment)).toContain('/etc/mediai/grpc');
      const secret = podOf(deployment)!.volumes!.find((volume) => (volume as { name?: string }).name === 'grpc-tls')!.secret!.secretName;
      expect(certificates.get(secret)!.dnsNames).toContain(deployment.metadata.name);
      expect(certificates.get(secret)!.usages).toEqual(expect.arrayContaining(['server auth', 'client auth']));
    }
  });

  test('no probe speaks gRPC to it', async () => {
    for (const deployment of ofKind(await rendered, 'Deployment')) {
      const [{ readinessProbe, livenessProbe, startupProbe }] = deployment.spec.template.spec.containers;
      for (const probe of [readinessProbe, livenessProbe, startupProbe]) expect(Object.keys(probe)).not.toContain('grpc');
      expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'internal' });
    }
  });
});

test('what KEDA scales has no other autoscaler, and is there', async () => {
  const objects = await rendered;
  const scaled = ofKind(objects, 'ScaledObject').map(({ spec }) => spec.scaleTargetRef.name as string);
  expect(scaled).toEqual(['ia', 'notifications']);
  expect(ofKind(objects, 'Deployment').map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(scaled));
  expect(ofKind(objects, 'HorizontalPodAutoscaler').map(({ metadata }) => metadata.name).sort()).toEqual(serviceNames.filter((name) => !scaled.includes(name)).sort());
});

test('whoever opens a database has the CA of PostgreSQL, and nobody else', async () => {
  const workloads = (await rendered).filter((object) => podOf(object));
  const having = workloads.filter((object) => mountsOf(object).includes('/etc/mediai/postgres')).map(nameOf).map((name) => name.replace(/-\d+-\d+-\d+$/, ''));
  expect(having.sort()).toEqual(databaseServices.flatMap((name) => [`Deployment/${name}`, `Job/${name}-migrate`]).sort());
});

test('what is restored begins from the archive and writes into another', async () => {
  const spec = ofKind(await rendered, 'Cluster')[0]!.spec;
  expect(Object.keys(spec.bootstrap)).toEqual(['recovery']);
  const { serverName } = spec.externalClusters.find(({ name }: { name: string }) => name === spec.bootstrap.recovery.source).plugin.parameters;
  expect(spec.plugins[0].parameters.serverName).not.toBe(serverName);
});

test('External Secrets makes every Secret that a pod cannot start without', async () => {
  const objects = await rendered;
  const made = new Map(ofKind(objects, 'ExternalSecret').map(({ spec }) => [spec.target.name as string, (spec.data as { secretKey: string }[]).map(({ secretKey }) => secretKey)]));
  const schemas = await readSchemas();
  for (const object of objects.filter(podOf)) {
    const { env = [] } = podOf(object)!.containers[0]!;
    const needed = env.flatMap(({ valueFrom }) => (valueFrom?.secretKeyRef && !(valueFrom.secretKeyRef as { optional?: boolean }).optional ? [valueFrom.secretKeyRef] : []));
    expect(needed.length > 0 || !schemas[object.metadata.name]!.some(({ secret, required }) => secret && required)).toBe(true);
    for (const { name, key } of needed) expect(made.get(name)).toContain(key);
  }
});
