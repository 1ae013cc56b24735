import { AppointmentsService } from '@mediai/contracts/appointments/v1/appointments_service';
import { implement, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { createAppointmentHandlers, type AppointmentUseCases } from './appointment/appointment-rpc.ts';

export type UseCases = AppointmentUseCases;

/** Methods that need no access token. */
export const publicMethods = [healthMethod];

/** Method -> handler. */
export function createRpc(useCases: UseCases, checks: Checks): Implementation[] {
  return [implement(AppointmentsService, createAppointmentHandlers(useCases)), implementHealth(checks)];
}
