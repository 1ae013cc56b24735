type Condition = { type: string; status: string; reason?: string; message?: string };
export type Budget = { metadata: { name: string; generation: number }; status?: { expectedPods: number; currentHealthy: number; desiredHealthy: number; disruptionsAllowed: number; observedGeneration?: number } };
export type Autoscaler = { metadata: { name: string }; spec: { scaleTargetRef: { kind: string; name: string }; minReplicas?: number; maxReplicas: number }; status?: { currentReplicas?: number; conditions?: Condition[] } };

/** Why a disruption budget guards nothing, or lets no node be drained; undefined where it is bound. */
export function faultOfBudget({ metadata, status }: Budget): string | undefined {
  if (!status?.expectedPods) return `${metadata.name}: the budget finds no pod`;
  if (status.currentHealthy < status.desiredHealthy) return `${metadata.name}: ${status.currentHealthy} of ${status.desiredHealthy} pods are healthy`;
  return status.disruptionsAllowed > 0 ? undefined : `${metadata.name}: no pod may ever be moved`;
}

/**
 * Why an autoscaler cannot scale; undefined where it has found what it scales. Whether figures arrive is another
 * question (`ScalingActive`), which needs a metrics server.
 */
export function faultOfAutoscaler({ metadata, spec, status }: Autoscaler): string | undefined {
  const able = status?.conditions?.find(({ type }) => type === 'AbleToScale');
  if (able?.status !== 'True') return `${metadata.name}: ${able?.message ?? `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name} was not found yet`}`;
  return status!.currentReplicas! >= (spec.minReplicas ?? 1) ? undefined : `${metadata.name}: ${status!.currentReplicas} replicas, fewer than ${spec.minReplicas}`;
}
