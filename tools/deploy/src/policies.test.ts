import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createValidator } from './openapi/validate.ts';
import { policies } from './policies/index.ts';
import { render, type KubeObject } from './render.ts';
import { peersOf, readServices, root, type Service } from './services.ts';

let production: KubeObject[];
let services: Service[];
beforeAll(async () => {
  [production, services] = await Promise.all([render(join(root, 'deploy/k8s/overlays/production')), readServices()]);
});

/** Objects in which one is found by kind and name, however a ConfigMap's name ends, and changed. */
type Objects = KubeObject[] & { of: (kind: string, name: string) => KubeObject };
function copy(): Objects {
  const objects = structuredClone(production);
  return Object.assign(objects, {
    of(kind: string, name: string): KubeObject {
      const found = objects.find((object) => object.kind === kind && (object.metadata.name === name || object.metadata.name.startsWith(`${name}-config-`) || object.metadata.name.startsWith(`${name}-migrate-`)));
      if (!found) throw new Error(`no ${kind} ${name}`);
      return found;
    },
  });
}

type Plant = (objects: Objects) => unknown;
const deployment = (objects: Objects, name: string) => objects.of('Deployment', name)['spec'];
const pod = (objects: Objects, name: string) => deployment(objects, name).template.spec;
const container = (objects: Objects, name: string) => pod(objects, name).containers[0];
const config = (objects: Objects, name: string): Record<string, string> => objects.of('ConfigMap', name)['data'];
const remove = (objects: Objects, kind: string, name: string) => objects.splice(objects.indexOf(objects.of(kind, name)), 1);
const allow = (objects: Objects, from: string, to: string) => {
  objects.of('NetworkPolicy', from)['spec'].egress[0].to.push({ podSelector: { matchLabels: { 'app.kubernetes.io/name': to } } });
  objects.of('NetworkPolicy', to)['spec'].ingress[0].from.push({ podSelector: { matchLabels: { 'app.kubernetes.io/name': from } } });
};

/** By policy: what is planted, and what is said of it. */
const planted: Record<keyof typeof policies, [what: string, plant: Plant, said: RegExp][]> = {
  restricted: [
    ['root', (o) => (pod(o, 'auth').securityContext.runAsNonRoot = false), /Deployment auth, container service may run as root/],
    ['user 0', (o) => (container(o, 'ia').securityContext.runAsUser = 0), /runs as user 0/],
    ['escalation', (o) => delete container(o, 'auth').securityContext.allowPrivilegeEscalation, /may gain privileges/],
    ['a capability', (o) => (container(o, 'auth').securityContext.capabilities = { drop: ['ALL'], add: ['NET_ADMIN'] }), /keeps capabilities/],
    ['no seccomp in a migration', (o) => delete o.of('Job', 'auth')['spec'].template.spec.securityContext.seccompProfile, /Job auth-migrate-\S+, container migration has no seccomp profile/],
    ['the network of the node', (o) => (pod(o, 'auth').hostNetwork = true), /has hostNetwork/],
    ['a path of the node', (o) => pod(o, 'auth').volumes.push({ name: 'x', hostPath: { path: '/' } }), /mounts a path of its node/],
    ['a port of the node', (o) => (container(o, 'auth').ports[0].hostPort = 80), /takes a port of its node/],
  ],
  hardened: [
    ['another user', (o) => (pod(o, 'gateway').securityContext.runAsUser = 1000), /Deployment gateway does not run as 65532/],
    ['a token of the cluster', (o) => delete pod(o, 'gateway').automountServiceAccountToken, /gets a token/],
    ['a writable image', (o) => (container(o, 'gateway').securityContext.readOnlyRootFilesystem = false), /may write to its image/],
    ['no /tmp', (o) => (pod(o, 'gateway').volumes = []), /has no \/tmp of its own/],
  ],
  bounded: [
    ['no memory limit', (o) => delete container(o, 'auth').resources.limits.memory, /Deployment auth, container service has no memory in its limits/],
    ['no requests in a migration', (o) => delete o.of('Job', 'ia')['spec'].template.spec.containers[0].resources.requests, /has no cpu in its requests/],
  ],
  probed: [
    ['no startup probe', (o) => delete container(o, 'auth').startupProbe, /has no startupProbe/],
    ['liveness by readiness', (o) => (container(o, 'auth').livenessProbe.httpGet.path = '/readyz'), /has no livenessProbe/],
    ['readiness of gRPC by HTTP', (o) => (container(o, 'auth').readinessProbe = { httpGet: { path: '/readyz', port: 'internal' } }), /has no readinessProbe by gRPC/],
    ['no readiness of the gateway', (o) => delete container(o, 'gateway').readinessProbe, /has no readinessProbe at \/readyz/],
    ['no preStop', (o) => delete container(o, 'auth').lifecycle, /preStop does not sleep/],
    ['a kill before the end', (o) => (pod(o, 'auth').terminationGracePeriodSeconds = 30), /is killed before it has drained/],
  ],
  tagged: [
    ['latest', (o) => (container(o, 'auth').image = 'ghcr.io/mediai/auth:latest'), /runs ghcr.io\/mediai\/auth:latest/],
    ['no tag, behind a port', (o) => (container(o, 'auth').image = 'registry.example.org:5000/auth'), /name a version/],
  ],
  scaled: [
    ['replicas beside an autoscaler', (o) => (deployment(o, 'auth').replicas = 2), /has replicas beside HorizontalPodAutoscaler auth/],
    ['a rolling loss', (o) => (deployment(o, 'auth').strategy.rollingUpdate.maxUnavailable = '25%'), /loses pods while it rolls/],
    ['one zone', (o) => pod(o, 'auth').topologySpreadConstraints.shift(), /is not spread by topology.kubernetes.io\/zone/],
  ],
  oneWriter: [
    ['a folder and an autoscaler', (o) => { config(o, 'consultation')['CONSULTATION_FICHIERS_DIR'] = '/f'; delete config(o, 'consultation')['S3_BUCKET']; }, /may have several replicas/],
    ['a folder and two replicas', (o) => { config(o, 'consultation')['CONSULTATION_FICHIERS_DIR'] = '/f'; delete config(o, 'consultation')['S3_BUCKET']; remove(o, 'HorizontalPodAutoscaler', 'consultation'); deployment(o, 'consultation').replicas = 2; }, /may have several replicas/],
    ['a folder and a successor at the same time', (o) => { config(o, 'consultation')['CONSULTATION_FICHIERS_DIR'] = '/f'; delete config(o, 'consultation')['S3_BUCKET']; remove(o, 'HorizontalPodAutoscaler', 'consultation'); }, /its strategy must be Recreate/],
  ],
  bound: [
    ['an autoscaler of nothing', (o) => (o.of('HorizontalPodAutoscaler', 'auth')['spec'].scaleTargetRef.name = 'aut'), /scales Deployment aut/],
    ['a Service of nothing', (o) => (o.of('Service', 'auth')['spec'].selector['app.kubernetes.io/name'] = 'aut'), /Service auth leads to no pod/],
    ['a budget of nothing', (o) => (o.of('PodDisruptionBudget', 'auth')['spec'].selector.matchLabels.x = 'y'), /PodDisruptionBudget auth is about no pod/],
  ],
  complete: [
    ['no budget', (o) => remove(o, 'PodDisruptionBudget', 'ia'), /ia has no PodDisruptionBudget/],
    ['no account', (o) => remove(o, 'ServiceAccount', 'ia'), /ia has no ServiceAccount/],
  ],
  configured: [
    ['an unknown variable', (o) => (config(o, 'auth')['S3_BUCKET'] = 'x'), /sets S3_BUCKET, which auth does not know/],
    ['a missing variable', (o) => delete config(o, 'ia')['KAFKA_BROKERS'], /Deployment ia would not start: KAFKA_BROKERS is required/],
    ['what production asks for', (o) => delete config(o, 'auth')['MEDIAI_URGENCE_TELEPHONE'], /MEDIAI_URGENCE_TELEPHONE is required when MEDIAI_MODE=production/],
    ['a value of the wrong form', (o) => (config(o, 'ia')['IA_CONCURRENCY'] = 'four'), /IA_CONCURRENCY must be a whole number/],
    ['an open secret', (o) => { config(o, 'ia')['OPENAI_API_KEY'] = 'sk-1'; container(o, 'ia').env = container(o, 'ia').env.filter(({ name }: { name: string }) => name !== 'OPENAI_API_KEY'); }, /has the secret OPENAI_API_KEY outside of a Secret/],
    ['a secret that is not referred to', (o) => container(o, 'auth').env.shift(), /Deployment auth does not refer to the secret/],
    ["another service's Secret", (o) => (container(o, 'ia').env[0].valueFrom.secretKeyRef.name = 'auth'), /from Secret auth, not from ia/],
    ['a Secret taken whole', (o) => container(o, 'ia').envFrom.push({ secretRef: { name: 'ia' } }), /takes every key of Secret ia/],
    ['a ConfigMap that is not there', (o) => (container(o, 'ia').envFrom[0].configMapRef.name = 'ia-config'), /refers to ConfigMap ia-config, which is not there/],
    ['a migration without brokers', (o) => (o.of('ConfigMap', 'migration-config')['data'] = {}), /Job auth-migrate-\S+ is not given KAFKA_BROKERS/],
  ],
  agreed: [['two public addresses', (o) => (config(o, 'consultation')['MEDIAI_PUBLIC_URL'] = 'https://autre.example.org'), /MEDIAI_PUBLIC_URL differs/]],
  resolved: [
    ['a name of nothing', (o) => (config(o, 'ia')['AUTH_GRPC'] = 'authentification:50051'), /AUTH_GRPC names authentification, which is no Service/],
    ['a port that is not there', (o) => (config(o, 'ia')['AUTH_GRPC'] = 'auth:50052'), /AUTH_GRPC names auth:50052/],
    ['brokers of nothing', (o) => (config(o, 'ia')['KAFKA_BROKERS'] = 'kafka-kafka-bootstrap:9092'), /KAFKA_BROKERS names kafka-kafka-bootstrap/],
    ['a whole name of nothing', (o) => (config(o, 'ia')['OPENAI_BASE_URL'] = 'http://modele.mediai.svc:8080/v1'), /OPENAI_BASE_URL names modele/],
  ],
  referred: [
    ['a Service to a port that is not there', (o) => (o.of('Service', 'auth')['spec'].ports[0].targetPort = 'rpc'), /Service auth: port 50051 leads to a port that its pods do not have/],
    ['a probe of a port that is not there', (o) => (container(o, 'auth').livenessProbe.httpGet.port = 'interne'), /is probed at port interne/],
    ['an account that is not there', (o) => (pod(o, 'auth').serviceAccountName = 'aut'), /runs as ServiceAccount aut/],
    ['an Ingress to nothing', (o) => o.push({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'x' }, spec: { rules: [{ http: { paths: [{ backend: { service: { name: 'gateway', port: { name: 'https' } } } }] } }] } }), /Ingress x leads to gateway:https/],
  ],
  arrows: [
    ['an arrow too many', (o) => allow(o, 'auth', 'ia'), /auth may reach ia:50051/],
    ['an arrow too few, going', (o) => o.of('NetworkPolicy', 'ia')['spec'].egress[0].to.pop(), /ia may not reach consultation:50051/],
    ['an arrow too few, coming', (o) => o.of('NetworkPolicy', 'auth')['spec'].ingress[0].from.shift(), /gateway may not reach auth:50051/],
    ['no denial', (o) => remove(o, 'NetworkPolicy', 'default-deny'), /nothing denies what no policy allows/],
    ['every port', (o) => delete o.of('NetworkPolicy', 'ia')['spec'].ingress[0].ports && delete o.of('NetworkPolicy', 'consultation')['spec'].egress[0].ports, /consultation may reach ia:9464/],
  ],
  partsReached: [
    ['a database for the gateway', (o) => o.of('NetworkPolicy', 'postgresql')['spec'].podSelector.matchExpressions[0].values.push('gateway'), /gateway may reach postgresql:5432/],
    ['no broker for a migration', (o) => o.of('NetworkPolicy', 'kafka')['spec'].podSelector.matchExpressions[1].values.pop(), /the migration of auth may not reach kafka:9092/],
    ['no DNS', (o) => remove(o, 'NetworkPolicy', 'dns'), /auth may not reach DNS:53/],
    ['a stranger at the internal port', (o) => delete o.of('NetworkPolicy', 'monitoring')['spec'].ingress[0].from, /a pod of another namespace may reach auth:9464/],
    ['no Prometheus', (o) => remove(o, 'NetworkPolicy', 'monitoring'), /Prometheus may not reach auth:9464/],
    ['a closed door', (o) => (o.of('NetworkPolicy', 'gateway')['spec'].ingress = []), /a pod of another namespace may not reach gateway:8000/],
  ],
  internetReached: [
    ['the internet for auth', (o) => o.of('NetworkPolicy', 'internet')['spec'].podSelector.matchExpressions[0].values.push('auth'), /Deployment auth may reach the internet/],
    ['no models', (o) => o.of('NetworkPolicy', 'internet')['spec'].podSelector.matchExpressions[0].values.shift(), /Deployment ia may not reach the internet/],
  ],
  versioned: [
    ['another tag', (o) => (container(o, 'auth').image = 'ghcr.io/mediai/auth:9.9.9'), /Deployment auth runs ghcr.io\/mediai\/auth:9.9.9/],
    ['another label', (o) => (deployment(o, 'auth').template.metadata.labels['app.kubernetes.io/version'] = '9.9.9'), /Deployment auth is labelled 9.9.9/],
    ['a migration without its version', (o) => (o.of('Job', 'auth').metadata.name = 'auth-migrate'), /auth has no Job auth-migrate-/],
  ],
};

describe.each(Object.keys(planted) as (keyof typeof policies)[])('the policy %s', (name) => {
  it.each(planted[name])('refuses %s', (_what, plant, said) => {
    const objects = copy();
    expect(policies[name](objects, services)).toEqual([]);
    plant(objects);
    expect(policies[name](objects, services).join('\n')).toMatch(said);
  });
});

describe('the form of objects', () => {
  const validate = createValidator();

  it.each([
    ['an unknown field', (o: Objects) => (pod(o, 'auth').securitycontext = {}), /Deployment auth: \/spec\/template\/spec must NOT have additional properties/],
    ['a wrong type', (o: Objects) => (deployment(o, 'auth').replicas = '2'), /must be integer/],
    ['a missing field', (o: Objects) => delete deployment(o, 'auth').selector, /must have required property 'selector'/],
    ['an unknown word', (o: Objects) => (container(o, 'auth').ports[0].protocol = 'tcp'), /must be equal to one of the allowed values/],
    ['an unknown kind', (o: Objects) => (o.of('Deployment', 'auth').apiVersion = 'apps/v1beta1'), /of no known definition/],
  ] as [string, Plant, RegExp][])('%s is refused', (_what, plant, said) => {
    const objects = copy();
    expect(validate(objects)).toEqual([]);
    plant(objects);
    expect(validate(objects).join('\n')).toMatch(said);
  });
});

it('the arrows of ARCHITECTURE.md are those that the services are configured for', () => {
  const rows = [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([a-z]+)` calls \| ([^|]*)\|/gm)];
  const written = Object.fromEntries(rows.map(([, name = '', peers = '']) => [name, [...peers.matchAll(/`([a-z]+)`/g)].map(([, peer]) => peer).sort()]));
  expect(written).toEqual(Object.fromEntries(services.map((service) => [service.name, peersOf(service).sort()])));
});
