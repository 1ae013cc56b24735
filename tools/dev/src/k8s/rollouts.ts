import type { Kubectl } from './kubectl.ts';

type Owned = { metadata: { name: string; uid: string; generation: number; ownerReferences?: { name: string }[] } };

/** What tells whether a Deployment was touched: its generation and the ReplicaSets that it has. */
export type Rollout = { generation: number; replicaSets: string[] };

/** The state of every Deployment of a namespace, by name. */
export async function readRollouts(kubectl: Kubectl, namespace: string): Promise<Record<string, Rollout>> {
  const [deployments, replicaSets] = await Promise.all(['deployments', 'replicasets'].map((kind) => kubectl.get<{ items: Owned[] }>([kind, '-n', namespace])));
  return Object.fromEntries(deployments!.items.map(({ metadata: { name, generation } }) => [
    name,
    { generation, replicaSets: replicaSets!.items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name)).map(({ metadata }) => metadata.uid).sort() },
  ]));
}

/** The Deployments that differ between two states: changed, new or gone. */
export function touched(before: Record<string, Rollout>, after: Record<string, Rollout>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).sort();
}
