import { create } from '@bufbuild/protobuf';
import { DeliveryChangedSchema } from '@mediai/contracts/notifications/v1/events';
import { topics, type OutboxEvent } from '@mediai/events';
import type { Delivery } from './delivery.ts';

type Changed = Pick<Delivery, 'id' | 'etat' | 'ficheId' | 'appointmentId'> & { canal: string };

/** The event that tells of a delivery's state: ids and states only. */
export function deliveryChanged({ id, canal, etat, ficheId, appointmentId }: Changed): OutboxEvent {
  const message = create(DeliveryChangedSchema, { deliveryId: id, canal, etat, ficheId: ficheId ?? undefined, appointmentId: appointmentId ?? undefined });
  return { topic: topics.delivery.name, key: id, schema: DeliveryChangedSchema, message };
}
