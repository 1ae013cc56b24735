import { afterAll, beforeAll } from '@jest/globals';
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { sqlExecutor } from '@mediai/db';
import { withClient } from '@mediai/db/admin';
import { createMemoryBus, topics } from '@mediai/events';
import { versFicheInput } from '@mediai/fiche';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { randomUUID } from 'node:crypto';
import { admin, ailleurs, autrePatient, confrere, enAttente, medecin, patiente, saisie, service } from './fiche/fixtures.memory.ts';
import { jeton, startService } from './service.memory.ts';

/** Access tokens of who acts in tests. */
export const J = {
  patiente: jeton(patiente), autre: jeton(autrePatient), medecin: jeton(medecin), confrere: jeton(confrere), enAttente: jeton(enAttente), admin: jeton(admin), ailleurs: jeton(ailleurs),
  ia: jeton(service('ia')), notifications: jeton(service('notifications')),
};

/** The whole service for one file of tests, with a bus in memory and its spans kept; `suite` is there once tests run. */
export function useService() {
  const spans = new InMemorySpanExporter();
  const bus = createMemoryBus();
  let suite: Awaited<ReturnType<typeof startService>>;
  let telemetry: Telemetry;
  let consumer: ReturnType<typeof bus.createConsumer>;

  beforeAll(async () => {
    telemetry = await startTelemetry({ service: 'consultation', exporter: spans });
    suite = await startService();
    consumer = bus.createConsumer({ groupId: 'consultation', topics: Object.values(topics).map(({ name }) => name), ...suite.deps.consumed, log: suite.log, metrics: suite.metrics, firstRetryMs: 1 });
    consumer.start();
  });
  afterAll(async () => {
    await consumer.stop();
    await suite.close();
    await telemetry.shutdown();
  });

  return {
    spans,
    get suite() {
      return suite;
    },
    async creer(mots: Record<string, unknown> = {}, { token = J.patiente, idempotencyKey, assignedMedecin }: { token?: string; idempotencyKey?: string; assignedMedecin?: number } = {}) {
      const { fiche, replayed } = await suite.client.createFiche({ fiche: versFicheInput(saisie(mots)) as never, assignedMedecin }, { token, idempotencyKey });
      return { ...fiche!, replayed };
    },
    /** Puts an event on the bus, again where an id is given, and waits until it is taken. */
    async publier<S extends DescMessage>(topic: string, schema: S, init: MessageInitShape<S>, id: string = randomUUID()): Promise<string> {
      const headers = { ce_specversion: '1.0', ce_id: id, ce_type: schema.typeName, ce_time: new Date().toISOString(), ce_source: '/test', ce_subject: '1' };
      await bus.producer.send([{ topic, key: '1', value: toBinary(schema, create(schema, init)), headers }]);
      await bus.settled();
      return id;
    },
    /** Task of the analysis that runs, or of a new one. */
    tache: async (id: number): Promise<string> => (await suite.client.relancerFiche({ id }, { token: J.admin })).taskId,
    sql: <T>(texte: string): Promise<T[]> => withClient(suite.base.ownerUrl, (client) => Promise.resolve(sqlExecutor(client).$queryRawUnsafe<T[]>(texte))),
  };
}
