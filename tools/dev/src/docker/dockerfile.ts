import { serviceNodeFlags } from '../node-flags.ts';
import { databaseServices } from '../suite.ts';
import type { ServiceName } from '../suite.ts';
import { productionWorkspaces } from './workspaces.ts';
import type { Workspaces } from './workspaces.ts';

/** Where a service's Dockerfile lies, from the root. */
export const dockerfileOf = (service: ServiceName): string => `deploy/docker/Dockerfile.${service}`;

/** The base that a service runs on, and what it adds to is measured against. */
export const runImage = 'gcr.io/distroless/nodejs24-debian12:nonroot';
const buildImage = 'docker.io/library/node:24-bookworm-slim';

/** Scopes of npm whose packages carry a service's compiled code for each platform: optional to npm, not to the service. */
export const compiled: Partial<Record<ServiceName, string[]>> = { auth: ['@node-rs'] };

/** Of @prisma/client's runtime a service needs what speaks to PostgreSQL, as ES modules. */
const unusedFiles = [
  "-path '*/@prisma/client/runtime/*' ! -name 'client.*' ! -name 'query_compiler_fast_bg.postgresql.*'",
  "-name '*.map'", "-name '*.ts'", "-name '*.mts'", "-name '*.cts'", "-name '*.md'", "-name '*.test.*'",
];

/** The text of a service's Dockerfile: the same for all, filled in from the workspaces' package.json files. @param turboVersion as the repository pins it */
export function writeDockerfile(service: ServiceName, workspaces: Workspaces, turboVersion: string): string {
  const folders = productionWorkspaces(`@mediai/${service}`, workspaces).map(({ folder }) => folder);
  const { description, version } = workspaces.get(`@mediai/${service}`)!;
  const image = `ghcr.io/mediai/${service}`;
  const ports = (databaseServices as readonly string[]).includes(service) ? '50051 9464' : '8000 9464';
  const binaries = (compiled[service] ?? []).map((scope) => `COPY --from=build /app/node_modules/${scope}/ ./node_modules/${scope}/\n`).join('');
  return `# Written by "npm run generate" from tools/dev/src/docker/dockerfile.ts, not edited by hand.
# From the root of the repository:
#   docker build -f ${dockerfileOf(service)} --build-arg VERSION=${version} -t ${image}:${version} .
ARG BUILD_IMAGE=${buildImage}
ARG RUN_IMAGE=${runImage}

# What of the repository makes this service, and the lock file cut down to it.
FROM \${BUILD_IMAGE} AS prune
WORKDIR /repo
ENV TURBO_TELEMETRY_DISABLED=1
RUN --mount=type=cache,target=/root/.npm npm install --global --ignore-scripts turbo@${turboVersion}
COPY . .
RUN turbo prune @mediai/${service} --docker

# Everything that builds it; then what it is made of, by folder, without types.
FROM \${BUILD_IMAGE} AS build
WORKDIR /app
ENV TURBO_TELEMETRY_DISABLED=1
COPY --from=prune /repo/out/json/ ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY --from=prune /repo/out/full/ ./
COPY tsconfig.base.json tsconfig.build.json ./
COPY proto/ ./proto/
RUN npx turbo run build --filter=@mediai/${service} \\
    && mkdir /image \\
    && find ${folders.join(' ')} -type f \\
      \\( -name package.json -o -path '*/dist/*' -o -path '*/gen/*' -o -path '*/prisma/schema/*' -o -path '*/prisma/migrations/*' \\) \\
      ! -path '*/node_modules/*' ! -name '*.d.ts' ! -name '*.d.ts.map' ! -name .tsbuildinfo -exec cp --parents -t /image {} +

# The packages that it runs with: neither those that build and test (with devDependencies gone nothing leads to them, to
# workspaces that only test neither), nor what in them only people, compilers and their own tests read.
FROM \${BUILD_IMAGE} AS dependencies
WORKDIR /app
COPY --from=prune /repo/out/json/ ./
RUN --mount=type=cache,target=/root/.npm npm pkg delete devDependencies --workspaces \\
    && npm ci --omit=dev --omit=optional --omit=peer --workspace=@mediai/${service} \\
    && find . -type f ! -path '*/node_modules/*' -delete
${binaries}COPY --from=build /image/ ./
RUN find . -type f -path '*/node_modules/*' \\( ${unusedFiles.join(' -o ')} \\) -delete \\
    && find . -type d \\( -empty -o -name .bin \\) -prune -exec rm -r {} + \\
    && mkdir /files

FROM \${RUN_IMAGE}
ARG VERSION
LABEL org.opencontainers.image.title="${image.split('/').slice(1).join('/')}" \\
      org.opencontainers.image.description="${description}" \\
      org.opencontainers.image.version="\${VERSION}" \\
      org.opencontainers.image.source="https://github.com/mediai/mediai" \\
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \\
    NODE_OPTIONS="${serviceNodeFlags.join(' ')}" \\
    PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin
COPY --from=dependencies /app/ /app/
# A volume mounted here begins as the service's own.
COPY --from=dependencies --chown=65532:65532 /files/ /var/lib/mediai/
WORKDIR /app/services/${service}
USER 65532:65532
EXPOSE ${ports}
ENTRYPOINT []
CMD ["node", "dist/main.js"]
`;
}
