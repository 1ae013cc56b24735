import { createRegistry, type DescFile } from '@bufbuild/protobuf';
import { file_mediai_appointments_v1_events } from '@mediai/contracts/appointments/v1/events';
import { file_mediai_auth_v1_events } from '@mediai/contracts/auth/v1/events';
import { file_mediai_consultation_v1_events } from '@mediai/contracts/consultation/v1/events';
import { file_mediai_ia_v1_events } from '@mediai/contracts/ia/v1/events';
import { file_mediai_notifications_v1_events } from '@mediai/contracts/notifications/v1/events';

const files: DescFile[] = [
  file_mediai_auth_v1_events,
  file_mediai_consultation_v1_events,
  file_mediai_ia_v1_events,
  file_mediai_appointments_v1_events,
  file_mediai_notifications_v1_events,
];

/** Every event type of the suite, by its full name. */
export const eventRegistry = createRegistry(...files);
