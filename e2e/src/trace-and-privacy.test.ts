import { describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { call, loginMedecin, registerPatient, until } from './client.ts';
import { analysedFiche, createFiche, postFiche, validateFiche } from './fiche.ts';
import { inbound, messagesHolding, spans, type Span } from './sandbox.ts';
import { kafkaBrokers, logsOf, metricsOf, SERVICES } from './suite.ts';

const TOPICS = ['mediai.consultation.fiche.v1', 'mediai.ia.analyse.v1', 'mediai.appointments.appointment.v1', 'mediai.notifications.delivery.v1', 'mediai.auth.etablissement.v1'];

/** Every record of the topics that must hold nothing identifying, as text. */
async function readTopics(): Promise<string> {
  const kafka = new Kafka({ brokers: kafkaBrokers(), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await Promise.all(TOPICS.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(topic) })));
  await admin.disconnect();
  let expected = offsets.flatMap(({ partitions }) => partitions).reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  const consumer = kafka.consumer({ groupId: `e2e-${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: TOPICS, fromBeginning: true });
  const records: string[] = [];
  const done = Promise.withResolvers<void>();
  if (expected === 0) done.resolve();
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      records.push(`${topic} ${message.key?.toString()} ${message.value?.toString('latin1')} ${message.value?.toString('utf8')} ${JSON.stringify(Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])))}`);
      expected -= 1;
      if (expected === 0) done.resolve();
    },
  });
  await done.promise;
  await consumer.disconnect();
  return records.join('\n');
}

const model = (list: Span[]): Span | undefined => list.find((span) => span.service === 'ia' && /voix|model/i.test(span.name));

/** The chain of spans from the first of a trace down to the model call, as far as they have arrived: a span is told when it ends, its parents after it. */
function chainOf(list: Span[]): Span[] {
  const byId = new Map(list.map((span) => [span.spanId, span]));
  const chain: Span[] = [];
  for (let span = model(list); span; span = byId.get(span.parentSpanId)) chain.unshift(span);
  return chain;
}

describe('one fiche', () => {
  it('leaves one trace from HTTP through gRPC, SQL and Kafka to the model call', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const traceId = randomUUID().replaceAll('-', '');
    const caller = '00f067aa0ba902b7';
    const created = await postFiche(patient.token, { telephone: patient.phone }, { traceparent: `00-${traceId}-${caller}-01` });
    expect(created.headers.get('x-trace-id')).toBe(traceId);
    await analysedFiche(medecin, created.body.id);

    const has = (all: Span[], service: string, name: RegExp): boolean => all.some((span) => span.service === service && name.test(span.name));
    const all = await until(
      'the spans of the fiche',
      () => spans(traceId),
      (list) => ['', caller].includes(chainOf(list)[0]?.parentSpanId ?? 'none yet') && has(list, 'gateway', /POST/) && has(list, 'consultation', /process mediai\.ia\.analyse/) && has(list, 'consultation', /^postgresql /),
    );
    const chain = chainOf(all).map(({ service, name }) => `${service}: ${name}`);
    process.stdout.write(`trace: ${chain.join(' > ')} (${all.length} spans)\n`);
    expect(chain[0]).toMatch(/^gateway: POST/);
    expect(chain.some((name) => /CreateFiche/.test(name))).toBe(true);
    expect(chain.some((name) => /mediai\.consultation\.fiche\.v1|FicheCreated/.test(name))).toBe(true);
    expect(has(all, 'ia', /^postgresql /)).toBe(true);
  });

  it('leaves no name, phone or clinical word in logs, spans, metrics or topics', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const canaries = { nom: 'Zorobabelium', postnom: 'Quetzalinga', prenom: 'Ombeline-Xyste', contact_nom: 'Wolframine', motif_consultation: 'Fièvre et céphalées, mot témoin clinquantissime.', telephone: patient.phone };
    const body = await createFiche(patient.token, canaries);
    await analysedFiche(medecin, body.id);
    await validateFiche(medecin, body.id);
    await until('the message', () => messagesHolding(body.numero_dossier), (messages) => messages.length > 0);

    const written = await inbound({ form: { From: `whatsapp:${patient.phone}`, To: 'whatsapp:+14155238886', Body: 'Les vertiges sont revenus, mot témoin ornithoryncal.' } });
    const events = () => call<{ results: { external_id: string; processing_status: string }[] }>('GET', '/api/v1/webhooks/?page_size=100', { token: medecin });
    await until('the message that came in', events, (answer) => answer.body.results.some((event) => event.external_id === written.messageSid && event.processing_status === 'processed'));

    const witnesses = ['ornithoryncal', 'Zorobabelium', 'Quetzalinga', 'Ombeline-Xyste', 'Wolframine', 'clinquantissime', patient.phone, patient.phone.slice(4), 'Tshilombo', 'Artéméther'];
    const places: Record<string, string> = { topics: await readTopics(), spans: JSON.stringify(await spans()) };
    for (const service of SERVICES) {
      places[`logs of ${service}`] = await logsOf(service);
      places[`metrics of ${service}`] = await metricsOf(service);
    }
    for (const text of Object.values(places)) expect(text.length).toBeGreaterThan(50);
    const leaks = Object.entries(places).flatMap(([place, text]) => witnesses.filter((witness) => text.includes(witness)).map((witness) => `${witness} in ${place}`));
    expect(leaks).toEqual([]);
  });
});
