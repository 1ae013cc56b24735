/**
 * The near end of the hop: JSON over HTTP in, one gRPC call with the real messages, JSON out. No telemetry, none of the kit's
 * gRPC. Environment: HOP_PORT, HOP_GRPC_PORT of the service behind it, FLOOR_JWKS_URL.
 */
import { createApp, createProtect } from '../floor/app.ts';
import { runUntilAsked } from '../floor/process.ts';
import { addMeRoutes } from '../floor/routes/account-routes.ts';
import { addAppointmentRoutes } from '../floor/routes/appointment-routes.ts';
import { addFicheRoutes } from '../floor/routes/fiche-routes.ts';
import { readPort, required } from '../floor/settings.ts';
import { createVerify } from '../floor/tokens.ts';
import { connect } from './call.ts';
import { createHopOperations } from './hop-operations.ts';

const channel = connect(`127.0.0.1:${readPort('HOP_GRPC_PORT')}`);
const protect = createProtect(createVerify(required('FLOOR_JWKS_URL')));
const app = createApp();
for (const addRoutes of [addMeRoutes, addFicheRoutes, addAppointmentRoutes]) addRoutes(app, protect, createHopOperations(channel));
await app.listen({ host: '127.0.0.1', port: readPort('HOP_PORT') });
runUntilAsked(async () => {
  await app.close();
  channel.close();
});
