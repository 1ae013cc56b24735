import { describeConfig, migrationConfig, type ConfigSchema } from '@mediai/kit/config';
import { migrationJob, type Service } from './services.ts';

export const grpcPort = 50_051;
export const internalPort = 9_464;
export const httpPort = 8_000;

/** What is the same in every cluster; an overlay gives the rest (deploy/k8s/README.md). */
const values: Record<string, string> = {
  MEDIAI_HOST: '0.0.0.0',
  GATEWAY_PORT: String(httpPort),
  GRPC_HOST: '0.0.0.0',
  GRPC_PORT: String(grpcPort),
  INTERNAL_HOST: '0.0.0.0',
  INTERNAL_PORT: String(internalPort),
  ...Object.fromEntries(['auth', 'consultation', 'ia', 'appointments', 'notifications'].map((peer) => [`${peer.toUpperCase()}_GRPC`, `${peer}:${grpcPort}`])),
};

const written = '# Written by "npm run generate", not edited by hand.\n';

/** A `config.env`: what Kubernetes decides has its value, all else stands as a comment with its default. Secrets are not in it. */
export function configEnv(schema: ConfigSchema): string {
  const rows = describeConfig(schema).filter(({ secret }) => !secret);
  const lines = rows.map(({ name, default: fallback, required, description }) => {
    const line = values[name] === undefined ? `# ${name}=${fallback}` : `${name}=${values[name]}`;
    return `# ${description}${required && values[name] === undefined ? ' Required: an overlay gives it.' : ''}\n${line}\n`;
  });
  return `${written}\n${lines.join('\n')}`;
}

/** The environment that a Deployment takes from the Secret named like its service, one key each. */
export function secretsPatch({ name, schema }: Pick<Service, 'name' | 'schema'>): string {
  const secrets = describeConfig(schema).filter(({ secret }) => secret);
  const entries = secrets.map(({ name: key, required }) => `            - name: ${key}\n              valueFrom:\n                secretKeyRef: { name: ${name}, key: ${key}${required ? '' : ', optional: true'} }`);
  return `${written}apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    spec:
      containers:
        - name: service
          env:
${entries.join('\n')}
`;
}

/** The component that gives a service's objects their labels, version, ConfigMap and secrets. */
export function generatedKustomization(service: Service): string {
  const { name, version, hasDatabase } = service;
  return `${written}apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
labels:
  - pairs:
      app.kubernetes.io/name: ${name}
      app.kubernetes.io/part-of: mediai
      app.kubernetes.io/version: "${version}"
    fields:
      - { kind: Deployment, path: spec/template/metadata/labels, create: true }
      - { kind: Job, path: spec/template/metadata/labels, create: true }
images:
  - name: ghcr.io/mediai/${name}
    newTag: "${version}"
configMapGenerator:
  - name: ${name}-config
    envs: [config.env]
patches:
  - path: secrets.yaml
${hasDatabase ? `  - target: { kind: Job }
    patch: |-
      - op: replace
        path: /metadata/name
        value: ${migrationJob(service)}
` : ''}`;
}

/** What the migrations of all services are configured by, secrets left out. */
export const migrationEnv = (): string => configEnv(migrationConfig);
