import { migrationPods, servicePods, workloadsOf, type Container, type Policy, type PodSpec, type Workload } from './workloads.ts';

const user = 65_532;
/** What a service has to end in after SIGTERM (packages/kit/src/shutdown). */
const drainSeconds = 25;

const allOf = (pod: PodSpec): Container[] => [...(pod.initContainers ?? []), ...pod.containers];

/** The Pod Security Standard `restricted`, for every pod: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const restricted: Policy = (objects) => workloadsOf(objects).flatMap(({ title, pod }) => {
  const faults: string[] = [];
  const own = pod.securityContext ?? {};
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) if (pod[field]) faults.push(`${title} has ${field}`);
  for (const volume of pod.volumes ?? []) if (volume.hostPath) faults.push(`${title} mounts a path of its node (${volume.name})`);
  for (const { name, securityContext: context = {}, ports = [] } of allOf(pod)) {
    const at = `${title}, container ${name}`;
    if ((context.runAsNonRoot ?? own.runAsNonRoot) !== true) faults.push(`${at} may run as root`);
    if ((context.runAsUser ?? own.runAsUser) === 0) faults.push(`${at} runs as user 0`);
    if (context.privileged || context.allowPrivilegeEscalation !== false) faults.push(`${at} may gain privileges`);
    if (!context.capabilities?.drop?.includes('ALL') || context.capabilities.add?.length) faults.push(`${at} keeps capabilities`);
    if (!['RuntimeDefault', 'Localhost'].includes((context.seccompProfile ?? own.seccompProfile)?.type)) faults.push(`${at} has no seccomp profile`);
    if (ports.some((port) => 'hostPort' in port)) faults.push(`${at} takes a port of its node`);
  }
  return faults;
});

/** What is asked of the suite's own pods beyond `restricted`. */
export const hardened: Policy = (objects) => [...servicePods(objects), ...migrationPods(objects)].flatMap(({ title, pod }) => {
  const faults: string[] = [];
  if (pod.securityContext?.runAsUser !== user) faults.push(`${title} does not run as ${user}`);
  if (pod['automountServiceAccountToken'] !== false) faults.push(`${title} gets a token of the cluster's API`);
  for (const { name, securityContext, volumeMounts = [] } of allOf(pod)) {
    if (securityContext?.readOnlyRootFilesystem !== true) faults.push(`${title}, container ${name} may write to its image`);
    const tmp = volumeMounts.find((mount: { mountPath: string }) => mount.mountPath === '/tmp');
    if (!tmp || !pod.volumes?.some((volume) => volume.name === tmp.name && volume.emptyDir)) faults.push(`${title}, container ${name} has no /tmp of its own`);
  }
  return faults;
});

/** Requests, and limits of processor and memory. */
export const bounded: Policy = (objects) => workloadsOf(objects).flatMap(({ title, pod }) => allOf(pod).flatMap(({ name, resources = {} }) =>
  ['requests', 'limits'].flatMap((kind) => ['cpu', 'memory'].filter((resource) => !resources[kind]?.[resource]).map((resource) => `${title}, container ${name} has no ${resource} in its ${kind}`))));

/** Probes of a service, and an end that is waited for. */
export const probed: Policy = (objects) => servicePods(objects).flatMap((workload) => workload.pod.containers.filter(({ name }) => name === 'service').flatMap((container) => probeFaults(workload, container)));

function probeFaults({ title, pod }: Workload, { startupProbe, livenessProbe, readinessProbe, lifecycle, ports = [], env = [] }: Container): string[] {
  const faults: string[] = [];
  for (const [name, probe] of Object.entries({ startupProbe, livenessProbe })) {
    if (probe?.httpGet?.path !== '/healthz' || probe.httpGet.port !== 'internal') faults.push(`${title} has no ${name} at /healthz of the internal port`);
  }
  // A kubelet has no certificate of ours: with mutual TLS the plain internal port is asked.
  const isGrpc = ports.some(({ name }) => name === 'grpc') && !env.some(({ name }) => name === 'GRPC_TLS_CERT');
  const isAsked = isGrpc ? readinessProbe?.grpc?.port === 50_051 : readinessProbe?.httpGet?.path === '/readyz' && readinessProbe.httpGet.port === 'internal';
  if (!isAsked) faults.push(`${title} has no readinessProbe ${isGrpc ? 'by gRPC' : 'at /readyz of the internal port'}`);
  const sleep = lifecycle?.preStop?.sleep?.seconds;
  if (!(sleep > 0)) faults.push(`${title} is stopped before its address is forgotten: preStop does not sleep`);
  if (!(pod['terminationGracePeriodSeconds'] >= (sleep ?? 0) + drainSeconds)) faults.push(`${title} is killed before it has drained: terminationGracePeriodSeconds is below preStop and ${drainSeconds} s`);
  return faults;
}

/** An image has a tag that means one thing. */
export const tagged: Policy = (objects) => workloadsOf(objects).flatMap(({ title, pod }) => allOf(pod).filter(({ image }) => !/(:[^/:]+|@sha256:[0-9a-f]{64})$/.test(image) || image.endsWith(':latest')).map(({ image }) => `${title} runs ${image}: name a version`));
