import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultOfAutoscaler, faultOfBudget } from './bindings.ts';
import type { Autoscaler, Budget } from './bindings.ts';
import { describeCluster, findKubectl } from './kubectl.ts';
import { touched } from './rollouts.ts';

test('a rollout is seen by a generation, by a ReplicaSet, by a Deployment that comes or goes; the same state is none', () => {
  const before = { auth: { generation: 1, replicaSets: ['a'] }, ia: { generation: 2, replicaSets: ['b'] }, old: { generation: 1, replicaSets: [] } };
  const after = { auth: { generation: 2, replicaSets: ['a'] }, ia: { generation: 2, replicaSets: ['b', 'c'] }, new: { generation: 1, replicaSets: [] } };
  expect(touched(before, after)).toEqual(['auth', 'ia', 'new', 'old']);
  expect(touched(before, structuredClone(before))).toEqual([]);
});

describe('a disruption budget', () => {
  const budget = (status?: Partial<Budget['status']>): Budget => ({ metadata: { name: 'auth', generation: 1 }, ...(status ? { status: { expectedPods: 2, currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, ...status } } : {}) });
  test('that found its pods and lets one go is bound', () => expect(faultOfBudget(budget({}))).toBeUndefined());
  test.each([['finds no pod', undefined], ['finds no pod', { expectedPods: 0 }], ['0 of 1 pods', { currentHealthy: 0 }], ['may ever be moved', { disruptionsAllowed: 0 }]])('%s', (words, status) => {
    expect(faultOfBudget(budget(status))).toContain(words);
  });
});

describe('an autoscaler', () => {
  const autoscaler = (status?: Autoscaler['status']): Autoscaler => ({ metadata: { name: 'auth' }, spec: { scaleTargetRef: { kind: 'Deployment', name: 'auth' }, minReplicas: 2, maxReplicas: 6 }, status });
  const able = (status: string, message = '') => [{ type: 'AbleToScale', status, message }, { type: 'ScalingActive', status: 'False' }];
  test('that found what it scales is bound, figures or not', () => expect(faultOfAutoscaler(autoscaler({ currentReplicas: 2, conditions: able('True') }))).toBeUndefined());
  test.each([
    ['Deployment/auth was not found yet', undefined],
    ['deployments "auth" not found', { currentReplicas: 0, conditions: able('False', 'deployments "auth" not found') }],
    ['fewer than 2', { currentReplicas: 1, conditions: able('True') }],
  ])('%s', (words, status) => expect(faultOfAutoscaler(autoscaler(status))).toContain(words));
});

describe('a cluster that is not there', () => {
  test('without kubectl is a failure that says what to install', () => {
    expect(() => findKubectl({ PATH: '' })).toThrow(/kubectl is not on PATH: install it/);
  });

  test('is a failure that says how to name one', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mediai-kubectl-'));
    try {
      writeFileSync(join(dir, 'kubectl'), '#!/bin/sh\necho "The connection to the server was refused" >&2\nexit 1\n');
      chmodSync(join(dir, 'kubectl'), 0o755);
      await expect(describeCluster(findKubectl({ PATH: `${dir}:/bin:/usr/bin` }))).rejects.toThrow(/connection to the server was refused.*KUBECONFIG/);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
