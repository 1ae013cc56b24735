/**
 * The floor: what the suite's answers cost in one process of fastify and pg with SQL written by hand, under the same rules of
 * access and with the same bytes. No gRPC, no Prisma, no events. See README.md for its environment.
 */
import { createLogin } from './acts/login.ts';
import { createApp, createProtect } from './app.ts';
import { openPools } from './databases.ts';
import { createActs, createFloorOperations } from './floor-operations.ts';
import { runUntilAsked } from './process.ts';
import { addAccountRoutes, addMeRoutes } from './routes/account-routes.ts';
import { addAppointmentRoutes, addConfirmationRoutes } from './routes/appointment-routes.ts';
import { addDecisionRoutes, addFicheRoutes } from './routes/fiche-routes.ts';
import { addOtherRoutes } from './routes/other-routes.ts';
import { readPort, readSettings } from './settings.ts';
import { createSigningKey, createVerify } from './tokens.ts';

const settings = readSettings();
const { pools, close } = openPools(settings);
const key = createSigningKey();
const operations = createFloorOperations(createActs(pools, settings), pools, await createLogin(pools.auth, key));
const protect = createProtect(createVerify(settings.jwksUrl, key, pools.auth));
const app = createApp();
for (const addRoutes of [addMeRoutes, addFicheRoutes, addAppointmentRoutes, addAccountRoutes, addDecisionRoutes, addConfirmationRoutes, addOtherRoutes]) addRoutes(app, protect, operations);
await app.listen({ host: '127.0.0.1', port: readPort('FLOOR_PORT') });
runUntilAsked(async () => {
  await app.close();
  await close();
});
