/**
 * The arrows of the house (docs/adr/0001-the-house.md). `tools/dev/src/arrows.test.ts` plants a forbidden import for
 * every rule and expects it to be refused.
 */
const SERVICES = '^services/([^/]+)/';
const TEST = '[.](test|memory)[.]ts$';

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment: `${comment} (docs/adr/0001-the-house.md)`, from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid('no-circular', 'Modules form no circle', { pathNot: '/generated/' }, { circular: true }),
    forbid('service-not-service', "A service never imports another service's source", { path: SERVICES }, { path: SERVICES, pathNot: '^services/$1/' }),
    forbid('package-not-service', 'A package never imports a service', { path: '^packages/' }, { path: '^(services|tools|e2e|bench)/' }),
    forbid('service-not-tool', 'A running service never imports a tool', { path: SERVICES, pathNot: TEST }, { path: '^(tools|e2e|bench)/|^packages/testing/' }),
    forbid('triage-alone', 'packages/triage imports nothing but its own', { path: '^packages/triage/src', pathNot: TEST }, { pathNot: '^packages/triage/src' }),
    forbid('fiche-alone', 'packages/fiche imports nothing but its own', { path: '^packages/fiche/src', pathNot: `${TEST}|/generate/` }, { pathNot: '^packages/fiche/src' }),
    forbid(
      'prisma-in-stores',
      'Only *-store.ts, deps.ts and seed.ts know Prisma and pg',
      { path: '^services/', pathNot: `-store[.]ts$|/deps[.]ts$|/seed[.]ts$|/generated/|prisma[.]config[.]ts$|${TEST}` },
      { path: '@prisma/|^pg$|node_modules/pg/|/generated/prisma/' },
    ),
    forbid(
      'gateway-without-database',
      'The gateway owns nothing: no Prisma, no pg, no events',
      { path: '^services/gateway/' },
      { path: '@prisma/|node_modules/pg/|^packages/(events|db)/' },
    ),
    forbid(
      'edge-not-store',
      'A route, an rpc or a consumer calls a use case, never a store',
      { path: '^services/.*(-rpc|/rpc|/consumers|-events|/routes/[^/]+)[.]ts$', pathNot: TEST },
      { path: '-store[.]ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'domain-is-pure',
      'Rules and use cases know neither transport nor framework',
      {
        path: '^services/(auth|consultation|appointments|ia|notifications)/src/[^/]+/',
        pathNot: `(-rpc|-events|-store|-client|-worker)[.]ts$|/generated/|${TEST}`,
      },
      { path: 'node_modules/(@grpc|kafkajs|fastify|@fastify|@bufbuild)|^packages/contracts|^packages/kit/src/(grpc|health|shutdown)', dependencyTypesNot: ['type-only'] },
    ),
    forbid('kafkajs-in-events', 'kafkajs stays behind packages/events', { path: '^(services|packages)/', pathNot: `^packages/events/|${TEST}` }, { path: 'node_modules/kafkajs' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/|packages/contracts/gen' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@mediai/source', 'import', 'node', 'default'], mainFields: ['module', 'main'] },
  },
};
