import type { KubeObject } from '../render.ts';
import { environmentOf } from './environment.ts';
import { migrationPods, portOf, selects, servicePods, titleOf, workloadsOf, type Policy } from './workloads.ts';

/** Addresses that people's browsers open, not pods. */
const ofBrowsers = new Set(['MEDIAI_PUBLIC_URL', 'GATEWAY_CORS_ORIGINS']);

type Address = { host: string; port: number };

/** The addresses in a value: URLs and host:port, one or a list of them. */
function addressesIn(value: string): Address[] {
  return value.split(',').flatMap((item) => {
    const text = item.trim();
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
      if (!URL.canParse(text)) return [];
      const { hostname, port, protocol } = new URL(text);
      return [{ host: hostname, port: Number(port) || ({ 'https:': 443, 'http:': 80, 'postgresql:': 5432, 'redis:': 6379, 'smtps:': 465 }[protocol] ?? 0) }];
    }
    const [, host, port] = /^([a-z0-9.-]+):(\d{1,5})$/i.exec(text) ?? [];
    return host && port ? [{ host, port: Number(port) }] : [];
  });
}

/** The Services that exist once the rendering is applied: its own, and those that an operator makes of its objects. */
function knownServices(objects: readonly KubeObject[]): Map<string, number[]> {
  const known = new Map<string, number[]>();
  for (const { kind, apiVersion, metadata, ...object } of objects) {
    if (kind === 'Service') known.set(metadata.name, (object['spec'].ports ?? []).map((port: { port: number }) => port.port));
    if (apiVersion.startsWith('kafka.strimzi.io/') && kind === 'Kafka') known.set(`${metadata.name}-kafka-bootstrap`, object['spec'].kafka.listeners.map((one: { port: number }) => one.port));
    if (apiVersion.startsWith('postgresql.cnpg.io/') && kind === 'Cluster') for (const role of ['rw', 'ro', 'r']) known.set(`${metadata.name}-${role}`, [5432]);
  }
  return known;
}

/** Every name that a pod is given and that is the cluster's own leads to a Service that has the port. */
export const resolved: Policy = (objects, services) => {
  const known = knownServices(objects);
  return [...servicePods(objects), ...migrationPods(objects)].flatMap((workload) => {
    const { values, secrets } = environmentOf(workload, objects, services);
    const namespace = workload.object.metadata.namespace ?? 'mediai';
    return Object.entries(values).filter(([name]) => !secrets[name] && !ofBrowsers.has(name)).flatMap(([name, value]) => addressesIn(value).flatMap(({ host, port }) => {
      const [short = '', at, ...rest] = host.replace(/\.svc(\.cluster\.local)?$/, '.svc').split('.');
      const isOwn = at === undefined || (at === namespace && rest.join('.') === 'svc');
      if (!isOwn || /^\d+$/.test(short)) return [];
      const ports = known.get(short);
      if (!ports) return [`${workload.title}: ${name} names ${host}, which is no Service`];
      return ports.includes(port) ? [] : [`${workload.title}: ${name} names ${host}:${port}, a port that Service ${short} does not have`];
    }));
  });
};

/** Ports and objects that are referred to by name are there. */
export const referred: Policy = (objects) => {
  const workloads = workloadsOf(objects);
  const has = (kind: string, name: string) => objects.some((object) => object.kind === kind && object.metadata.name === name);
  const ofServices = objects.filter(({ kind, ...object }) => kind === 'Service' && object['spec'].selector).flatMap((service) => {
    const pods = workloads.filter(({ labels }) => selects({ matchLabels: service['spec'].selector }, labels));
    const ports = service['spec'].ports as { port: number; targetPort?: number | string }[];
    return ports.filter(({ port, targetPort = port }) => pods.some(({ pod }) => portOf(pod, targetPort) === undefined)).map(({ port }) => `${titleOf(service)}: port ${port} leads to a port that its pods do not have`);
  });
  const ofPods = workloads.flatMap(({ title, pod }) => {
    const probes = pod.containers.flatMap(({ startupProbe, livenessProbe, readinessProbe }) => [startupProbe, livenessProbe, readinessProbe]);
    const ports = probes.flatMap((probe) => probe?.httpGet?.port ?? probe?.grpc?.port ?? probe?.tcpSocket?.port ?? []) as (number | string)[];
    const account = pod['serviceAccountName'] as string | undefined;
    return [
      ...ports.filter((port) => portOf(pod, port) === undefined).map((port) => `${title} is probed at port ${port}, which it does not have`),
      ...(account !== undefined && !has('ServiceAccount', account) ? [`${title} runs as ServiceAccount ${account}, which is not there`] : []),
      ...(pod.volumes ?? []).filter(({ configMap }) => configMap && !has('ConfigMap', configMap.name)).map(({ configMap }) => `${title} mounts ConfigMap ${configMap.name}, which is not there`),
    ];
  });
  return [...ofServices, ...ofPods, ...objects.flatMap((object) => backendFaults(object, objects))];
};

/** What an Ingress or an HTTPRoute leads to. */
function backendFaults(object: KubeObject, objects: readonly KubeObject[]): string[] {
  const rules = (object['spec']?.rules ?? []) as { http?: { paths: { backend: { service?: { name: string; port: { name?: string; number?: number } } } }[] }; backendRefs?: { name: string; port?: number }[] }[];
  const ends = object.kind === 'Ingress'
    ? rules.flatMap(({ http }) => http?.paths ?? []).flatMap(({ backend: { service } }) => (service ? [{ name: service.name, port: service.port.name ?? service.port.number }] : []))
    : object.kind === 'HTTPRoute' ? rules.flatMap(({ backendRefs = [] }) => backendRefs) : [];
  return ends.filter(({ name, port }) => !objects.some(({ kind, metadata, ...service }) => kind === 'Service' && metadata.name === name && service['spec'].ports.some((one: { name?: string; port: number }) => one.name === port || one.port === port)))
    .map(({ name, port }) => `${titleOf(object)} leads to ${name}:${port}, which is no port of a Service`);
}
