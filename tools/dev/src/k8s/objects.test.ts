import { describe, expect, test } from '@jest/globals';
import { readObjects } from '@mediai/deploy';
import { throwAwaySecrets, faultOf } from './apply.ts';
import { asReleased, leftBehind } from './check-upgrade.ts';
import { differences, inNamespace, nameOf, nextVersion, withVersion } from './objects.ts';

const yaml = (service: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${service}, namespace: mediai, labels: {app.kubernetes.io/name: ${service}, app.kubernetes.io/version: 1.4.0}}
spec:
  template:
    metadata: {labels: {app.kubernetes.io/version: 1.4.0}}
    spec:
      containers:
        - image: registry.example.org:5000/mediai/${service}:1.4.0
          env: [{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: ${service}, key: DATABASE_URL}}}]
      volumes: [{name: tls, secret: {secretName: ${service}-tls, items: [{key: ca.crt, path: ca.crt}]}}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: ${service}-migrate-1-4-0, namespace: mediai, labels: {app.kubernetes.io/name: ${service}, app.kubernetes.io/version: 1.4.0}}
spec: {template: {spec: {containers: [{image: "registry.example.org:5000/mediai/${service}:1.4.0"}]}}}
`;
const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const objects = readObjects(`${yaml('auth')}---${yaml('ia')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: mediai}\n`);

describe('two renders', () => {
  test('that are the same differ in nothing', () => {
    expect(differences(objects, copyOf(objects).reverse())).toEqual([]);
  });

  test('are told apart by a value, an object more and an object less', () => {
    const other = copyOf(objects);
    other[0]!.metadata.labels!['app.kubernetes.io/version'] = '1.4.1';
    other.pop();
    other.push({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'ia' } });
    expect(differences(objects, other)).toEqual(['apps/v1 Deployment/auth differs', 'v1 Namespace/mediai is only in the first', 'v1 Service/ia is only in the second']);
  });
});

test('in another namespace everything is in it, but the Namespace', () => {
  expect(inNamespace(objects, 'other').map(({ metadata }) => metadata.namespace)).toEqual(['other', 'other', 'other', 'other']);
});

describe('the next release of one service', () => {
  const next = withVersion(objects, 'ia', nextVersion(objects, 'ia'));

  test('changes its image, its labels and the name of its migration', () => {
    expect(JSON.stringify(next.slice(2, 4))).not.toContain('1.4.0');
    expect(next.map(nameOf)).toContain('Job/ia-migrate-1-4-1');
    expect(JSON.stringify(next[2])).toContain('registry.example.org:5000/mediai/ia:1.4.1');
  });

  test('changes nothing else', () => {
    expect(differences(objects, next).map((line) => line.split(' ')[1])).toEqual(['Deployment/ia', 'Job/ia-migrate-1-4-0', 'Job/ia-migrate-1-4-1']);
  });

  test('is refused where a service has no version', () => {
    expect(() => nextVersion(objects, 'gateway')).toThrow(/gateway has no version/);
  });
});

test('throw-away Secrets have every key that a pod asks for', () => {
  const made = Object.fromEntries(throwAwaySecrets(objects).map(({ metadata, stringData }) => [metadata.name, Object.keys(stringData as object)]));
  expect(made).toEqual({ auth: ['DATABASE_URL'], 'auth-tls': ['ca.crt'], ia: ['DATABASE_URL'], 'ia-tls': ['ca.crt'] });
});

describe('an upgrade', () => {
  test('gives a service whose migration changed a new version, and only that one', () => {
    const current = copyOf(objects);
    (current[3]!.spec as { backoffLimit: number }).backoffLimit = 2;
    expect(asReleased(objects, current).filter(({ kind }) => kind === 'Job').map(nameOf)).toEqual(['Job/auth-migrate-1-4-0', 'Job/ia-migrate-1-4-1']);
    expect(asReleased(objects, copyOf(objects))).toEqual(objects);
  });

  test('names what it leaves in the cluster', () => {
    expect(leftBehind(objects, objects.slice(2))).toEqual(['Deployment/auth']);
  });
});

test('a refusal is told in the words of the server, a warning of pod security is a refusal, any other is none', () => {
  const answer = { ok: true, stdout: '', stderr: '' };
  expect(faultOf({ ...answer, ok: false, stderr: 'Warning: old\nerror: Apply failed with 1 conflict\nmore' })).toBe('error: Apply failed with 1 conflict');
  expect(faultOf({ ...answer, stderr: 'Warning: would violate PodSecurity "restricted:latest": runAsNonRoot' })).toMatch(/runAsNonRoot/);
  expect(faultOf({ ...answer, stderr: 'Warning: v1 Endpoints is deprecated' })).toBeUndefined();
});
