import { environmentOf } from './environment.ts';
import { selects, servicePods, serviceOf, titleOf, workloadsOf, type Policy } from './workloads.ts';

/** Nobody but an autoscaler says how many replicas there are, where there is one; a new pod is ready before an old one ends. */
export const scaled: Policy = (objects) => {
  const scaling = (name: string) => objects.find(({ kind, ...object }) => (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') && object['spec'].scaleTargetRef?.name === name);
  return servicePods(objects).flatMap(({ title, object }) => {
    const scaler = scaling(object.metadata.name);
    const faults = scaler && object['spec'].replicas !== undefined ? [`${title} has replicas beside ${titleOf(scaler)}`] : [];
    const { type, rollingUpdate } = object['spec'].strategy ?? {};
    if (type !== 'Recreate' && rollingUpdate?.maxUnavailable !== 0) faults.push(`${title} loses pods while it rolls: maxUnavailable is not 0`);
    for (const key of ['kubernetes.io/hostname', 'topology.kubernetes.io/zone']) {
      if (!object['spec'].template.spec.topologySpreadConstraints?.some((one: { topologyKey: string }) => one.topologyKey === key)) faults.push(`${title} is not spread by ${key}`);
    }
    return faults;
  });
};

/** In production a folder of files belongs to one replica of consultation, whose successor begins when it has ended. */
export const oneWriter: Policy = (objects, services) => servicePods(objects).filter((workload) => serviceOf(workload) === 'consultation').flatMap((workload) => {
  const { values } = environmentOf(workload, objects, services);
  if (!values['CONSULTATION_FICHIERS_DIR'] || values['S3_BUCKET']) return [];
  const { replicas = 1, strategy } = workload.object['spec'];
  const most = objects.flatMap((object) => (object.kind === 'HorizontalPodAutoscaler' || object.kind === 'ScaledObject') && object['spec'].scaleTargetRef?.name === workload.object.metadata.name ? [object['spec'].maxReplicas ?? object['spec'].maxReplicaCount ?? 100] : []);
  return [
    ...(Math.max(replicas, ...most) > 1 ? [`${workload.title} keeps files in a folder (CONSULTATION_FICHIERS_DIR) and may have several replicas: use S3_BUCKET`] : []),
    ...(strategy?.type !== 'Recreate' ? [`${workload.title} keeps files in a folder (CONSULTATION_FICHIERS_DIR): its strategy must be Recreate`] : []),
  ];
});

/** Services, budgets, autoscalers and network policies are about pods that are there. */
export const bound: Policy = (objects) => {
  const workloads = workloadsOf(objects);
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const spec = object['spec'];
    if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') {
      const { name, kind: target = 'Deployment' } = spec.scaleTargetRef;
      return workloads.some((workload) => workload.object.kind === target && workload.object.metadata.name === name) ? [] : [`${titleOf(object)} scales ${target} ${name}, which is not there`];
    }
    if (kind === 'Service' && spec.selector) return workloads.some(({ labels }) => selects({ matchLabels: spec.selector }, labels)) ? [] : [`${titleOf(object)} leads to no pod`];
    if (kind === 'PodDisruptionBudget') return workloads.some(({ labels }) => selects(spec.selector, labels)) ? [] : [`PodDisruptionBudget ${metadata.name} is about no pod`];
    return [];
  });
};

const everyServiceHas = ['Deployment', 'Service', 'ServiceAccount', 'PodDisruptionBudget', 'NetworkPolicy'];

/** Each service has one of everything, under its own name. */
export const complete: Policy = (objects, services) => services.flatMap(({ name }) =>
  everyServiceHas.filter((kind) => !objects.some((object) => object.kind === kind && object.metadata.name === name)).map((kind) => `${name} has no ${kind}`));
