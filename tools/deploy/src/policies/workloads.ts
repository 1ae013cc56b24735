import type { KubeObject } from '../render.ts';
import type { Service } from '../services.ts';

// oxlint-disable typescript/no-explicit-any -- manifests are judged by their schema before anything reads them here
export type Container = { name: string; image: string; env?: { name: string; value?: string; valueFrom?: any }[]; envFrom?: any[]; ports?: { name?: string; containerPort: number }[]; [field: string]: any };
export type PodSpec = { containers: Container[]; initContainers?: Container[]; volumes?: any[]; [field: string]: any };
// oxlint-enable typescript/no-explicit-any

/** Something that makes pods. */
export type Workload = { title: string; object: KubeObject; labels: Record<string, string>; pod: PodSpec };

/** What every policy judges: an overlay's objects, and the services that they run. It returns a sentence for each fault. */
export type Policy = (objects: readonly KubeObject[], services: readonly Service[]) => string[];

export const titleOf = (object: KubeObject): string => `${object.kind} ${object.metadata.name}`;

/** Everything that makes pods. */
export function workloadsOf(objects: readonly KubeObject[]): Workload[] {
  return objects.flatMap((object) => {
    const template = object.kind === 'CronJob' ? object['spec'].jobTemplate.spec.template : ['Deployment', 'StatefulSet', 'Job'].includes(object.kind) ? object['spec'].template : undefined;
    return template ? [{ title: titleOf(object), object, labels: template.metadata?.labels ?? {}, pod: template.spec as PodSpec }] : [];
  });
}

const isOf = (component: string) => ({ labels }: Workload): boolean => labels['app.kubernetes.io/part-of'] === 'mediai' && labels['app.kubernetes.io/component'] === component;

/** The Deployments of services, by the name of the service. */
export const servicePods = (objects: readonly KubeObject[]): Workload[] => workloadsOf(objects).filter(isOf('service'));
export const migrationPods = (objects: readonly KubeObject[]): Workload[] => workloadsOf(objects).filter(isOf('migration'));
export const serviceOf = ({ labels }: Workload): string => labels['app.kubernetes.io/name'] ?? '';

type Selector = { matchLabels?: Record<string, string>; matchExpressions?: { key: string; operator: string; values?: string[] }[] };

/** Whether a label selector takes these labels; an empty one takes all. */
export function selects(selector: Selector | undefined, labels: Record<string, string>): boolean {
  const isIn = ({ key, values = [] }: { key: string; values?: string[] }): boolean => labels[key] !== undefined && values.includes(labels[key]);
  return (
    Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector?.matchExpressions ?? []).every((expression) => {
      if (expression.operator === 'In') return isIn(expression);
      if (expression.operator === 'NotIn') return !isIn(expression);
      return (expression.operator === 'Exists') === (labels[expression.key] !== undefined);
    })
  );
}

/** A container's port of that number or name. */
export const portOf = ({ containers }: PodSpec, port: number | string): number | undefined =>
  containers.flatMap(({ ports = [] }) => ports).find(({ name, containerPort }) => name === port || containerPort === port)?.containerPort;
