import { grpcPort, httpPort, internalPort } from '../configuration.ts';
import type { KubeObject } from '../render.ts';
import { peersOf, type Service } from '../services.ts';
import { environmentOf } from './environment.ts';
import { migrationPods, portOf, selects, servicePods, serviceOf, type Policy, type PodSpec } from './workloads.ts';

/** One end of a connection: a pod, by the labels of its namespace and its own. */
type End = { title: string; namespace: Record<string, string>; labels: Record<string, string>; pod?: PodSpec };
type Peer = { podSelector?: object; namespaceSelector?: object; ipBlock?: { cidr: string } };
type Rule = { from?: Peer[]; to?: Peer[]; ports?: { port?: number | string; endPort?: number }[] };

const home = { 'kubernetes.io/metadata.name': 'mediai' };
const elsewhere = { 'kubernetes.io/metadata.name': 'elsewhere' };

function policiesOn(objects: readonly KubeObject[], end: End, type: 'Ingress' | 'Egress'): KubeObject[] {
  return objects.filter(({ kind, ...object }) => kind === 'NetworkPolicy' && object['spec'].policyTypes.includes(type) && end.namespace === home && selects(object['spec'].podSelector, end.labels));
}

function takes(peers: Peer[] | undefined, end: End): boolean {
  if (!peers) return true;
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => !ipBlock && (namespaceSelector ? selects(namespaceSelector, end.namespace) : end.namespace === home) && selects(podSelector, end.labels));
}

function opens(rule: Rule, port: number, destination: End): boolean {
  return !rule.ports || rule.ports.some(({ port: named, endPort }) => {
    const number = typeof named === 'string' ? destination.pod && portOf(destination.pod, named) : named;
    return number !== undefined && port >= number && port <= (endPort ?? number);
  });
}

/** Whether the policies let one pod speak to another, as Kubernetes reads them: a pod that no policy selects is open. */
function mayReach(objects: readonly KubeObject[], from: End, to: End, port: number): boolean {
  const out = policiesOn(objects, from, 'Egress');
  const into = policiesOn(objects, to, 'Ingress');
  const goesOut = out.length === 0 || out.some(({ spec }) => (spec.egress ?? []).some((rule: Rule) => takes(rule.to, to) && opens(rule, port, to)));
  const comesIn = into.length === 0 || into.some(({ spec }) => (spec.ingress ?? []).some((rule: Rule) => takes(rule.from, from) && opens(rule, port, to)));
  return goesOut && comesIn;
}

const endsOf = (objects: readonly KubeObject[]): (End & { name: string; isService: boolean })[] =>
  [...servicePods(objects).map((workload) => ({ workload, isService: true })), ...migrationPods(objects).map((workload) => ({ workload, isService: false }))].map(({ workload, isService }) => ({
    title: isService ? serviceOf(workload) : `the migration of ${serviceOf(workload)}`, name: serviceOf(workload), isService, namespace: home, labels: workload.labels, pod: workload.pod,
  }));

const said = (isOpen: boolean, from: string, to: string, port: number): string => (isOpen ? `${from} may reach ${to}:${port}, an arrow that the architecture does not have` : `${from} may not reach ${to}:${port}, an arrow of the architecture`);

/** Between services exactly the arrows of the architecture are open, which are the peers that a service's configuration asks for. */
export const arrows: Policy = (objects, services) => {
  const ends = endsOf(objects);
  const peers = new Map(services.map((service) => [service.name, peersOf(service)]));
  const denies = objects.some(({ kind, ...object }) => kind === 'NetworkPolicy' && Object.keys(object['spec'].podSelector).length === 0 && ['Ingress', 'Egress'].every((type) => object['spec'].policyTypes.includes(type)) && !object['spec'].ingress && !object['spec'].egress);
  return [...(denies ? [] : ['nothing denies what no policy allows: a NetworkPolicy for every pod, without rules']), ...ends.flatMap((from) => ends.filter((to) => to !== from && to.isService).flatMap((to) => [grpcPort, internalPort, httpPort].flatMap((port) => {
    const isArrow = from.isService && port === grpcPort && peers.get(from.name)?.includes(to.name) === true;
    const isOpen = mayReach(objects, from, to, port);
    return isOpen === isArrow ? [] : [said(isOpen, from.title, to.title, port)];
  })))];
};

/** Parts by the variable that names them. */
const parts: { part: string; variable: string; ports: number[]; migrates?: boolean }[] = [
  { part: 'postgresql', variable: 'DATABASE_URL', ports: [5432], migrates: true },
  { part: 'kafka', variable: 'KAFKA_BROKERS', ports: [9092], migrates: true },
  { part: 'redis', variable: 'REDIS_URL', ports: [6379] },
  { part: 'otel-collector', variable: 'OTEL_EXPORTER_OTLP_ENDPOINT', ports: [4318] },
  { part: 'clamd', variable: 'CLAMD_ADDRESS', ports: [3310] },
  { part: 's3', variable: 'S3_BUCKET', ports: [443, 9000] },
];

/** A pod reaches the parts that its service's configuration asks for, DNS, and no other part; nobody else's pod reaches a service. */
export const partsReached: Policy = (objects, services) => endsOf(objects).flatMap((from) => {
  const schema = services.find(({ name }) => name === from.name)?.schema ?? {};
  const stranger: End = { title: 'a stranger', namespace: elsewhere, labels: { app: 'stranger' } };
  const prometheus: End = { title: 'Prometheus', namespace: elsewhere, labels: { 'app.kubernetes.io/name': 'prometheus' } };
  const dns: End = { title: 'DNS', namespace: { 'kubernetes.io/metadata.name': 'kube-system' }, labels: { 'k8s-app': 'kube-dns' } };
  const faults = parts.flatMap(({ part, variable, ports, migrates }) => ports.flatMap((port) => {
    const isArrow = variable in schema && (from.isService || migrates === true);
    const isOpen = mayReach(objects, from, { title: part, namespace: elsewhere, labels: { 'mediai/part': part } }, port);
    return isOpen === isArrow ? [] : [said(isOpen, from.title, part, port)];
  }));
  if (!mayReach(objects, from, dns, 53)) faults.push(said(false, from.title, 'DNS', 53));
  if (mayReach(objects, from, stranger, 443)) faults.push(said(true, from.title, 'any pod of the cluster', 443));
  if (mayReach(objects, prometheus, from, internalPort) !== from.isService) faults.push(said(!from.isService, 'Prometheus', from.title, internalPort));
  for (const port of [grpcPort, internalPort]) if (mayReach(objects, stranger, from, port)) faults.push(said(true, 'a pod of another namespace', from.title, port));
  if ((from.name === 'gateway') !== mayReach(objects, stranger, from, httpPort)) faults.push(said(from.name !== 'gateway', 'a pod of another namespace', from.title, httpPort));
  return faults;
});

/** Variables that name something on the internet, or beside the cluster. */
const worldly = (schema: Service['schema'], values: Record<string, string>): boolean =>
  ['OPENAI_API_KEY', 'TWILIO_ACCOUNT_SID'].some((name) => name in schema) || ['S3_BUCKET', 'SANDBOX_URL'].some((name) => values[name] !== undefined);

/** Only who asks models, sends messages or keeps files in a bucket reaches the internet. */
export const internetReached: Policy = (objects, services) => [...servicePods(objects), ...migrationPods(objects)].flatMap((workload) => {
  const schema = services.find(({ name }) => name === serviceOf(workload))?.schema ?? {};
  const isService = workload.labels['app.kubernetes.io/component'] === 'service';
  const end: End = { title: workload.title, namespace: home, labels: workload.labels };
  const isOpen = policiesOn(objects, end, 'Egress').some(({ spec }) => (spec.egress ?? []).some((rule: Rule) => !rule.to || rule.to.some(({ ipBlock }) => ipBlock && ipBlock.cidr.endsWith('/0'))));
  const wanted = isService && worldly(schema, environmentOf(workload, objects, services).values);
  return isOpen === wanted ? [] : [`${workload.title} ${isOpen ? 'may reach the internet and asks for nothing there' : 'may not reach the internet, where what it asks is'}`];
});
