/**
 * Whether suite, floor and hop give the same answers: what is measured of them is only then the same work. Reads and refusals
 * are compared byte for byte; writes without what is their own (ids, numbers, instants, versions); and what the suite tells
 * of a fiche that each of them has made, listed, read and edited, and which lines of the audit each act leaves.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Answer } from './answers/ask.ts';
import { compareAudits, type Databases } from './answers/audits.ts';
import { differenceOf, withoutOwn } from './answers/compare.ts';
import { readsOf, type Read, type Server } from './answers/questions.ts';
import { setScene, type Scene } from './answers/scene.ts';
import { traceOf, writesOf, type Who } from './answers/writes.ts';

/** Base addresses, such as http://127.0.0.1:8000. */
export type Addresses = Record<Who, string>;

/** How often a read is asked for anew that changes under our eyes: an analysis may end meanwhile. */
const ATTEMPTS = 5;

/**
 * Compares the answers of all three. What is asked is written into the suite's databases too: some fiches and appointments.
 * @param databases those of the suite, by the name of their service: what is left in their audits is compared too
 * @returns the names of what was compared
 * @throws Error with the first difference
 */
export async function checkSameAnswers(addresses: Addresses, databases: Databases): Promise<string[]> {
  const scene = await setScene(addresses.suite);
  const compared: string[] = [];
  for (const read of readsOf(scene)) {
    for (const server of read.of) {
      await compareRead(addresses, read, server);
      compared.push(`${server}: ${read.name}`);
    }
  }
  return [...compared, ...(await compareWrites(addresses, scene)), ...(await compareAudits(addresses, databases, scene))];
}

async function compareRead(addresses: Addresses, read: Read, server: Server): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const before = await ask(addresses.suite, read);
    const actual = await ask(addresses[server], read);
    const difference = differenceOf(before, actual);
    if (difference === undefined) return;
    const isSettled = differenceOf(before, await ask(addresses.suite, read)) === undefined;
    if (isSettled || attempt === ATTEMPTS) throw new Error(`${server} does not answer as the suite does, ${read.name} (${read.method} ${read.path}): ${difference}`);
    await sleep(500);
  }
}

async function compareWrites(addresses: Addresses, scene: Scene): Promise<string[]> {
  const compared: string[] = [];
  for (const { name, of, make } of writesOf(addresses.suite, scene)) {
    const answers = new Map<Who, Answer>();
    for (const who of of) answers.set(who, await ask(addresses[who], await make(who)));
    compared.push(...compareAll(name, answers));
    if (name === 'create, a patient') compared.push(...(await compareTraces(addresses, scene, answers)), ...(await compareReadBack(addresses, scene, answers)));
  }
  return compared;
}

/** A fiche that one of them has made is read by the suite as by its maker. */
async function compareReadBack(addresses: Addresses, { tokens: { medecin } }: Scene, made: ReadonlyMap<Who, Answer>): Promise<string[]> {
  const compared: string[] = [];
  for (const server of ['floor', 'hop'] as const) {
    const { id } = JSON.parse(made.get(server)?.body ?? '') as { id: number };
    await compareRead(addresses, { name: 'get, of its own', method: 'GET', path: `/fiche-consultation/${id}/`, token: medecin, of: [server] }, server);
    compared.push(`${server}: get, of its own`);
  }
  return compared;
}

/** Fiches that three have made, as the suite tells of them. */
async function compareTraces(addresses: Addresses, scene: Scene, made: ReadonlyMap<Who, Answer>): Promise<string[]> {
  const traces = new Map<Who, Record<string, Answer>>();
  for (const [who, answer] of made) traces.set(who, await traceOf(addresses.suite, scene, answer, (question) => ask(addresses[who], question)));
  return Object.keys(traces.get('suite') ?? {}).flatMap((name) => compareAll(`${name}, of a fiche made, listed, read and edited`, new Map([...traces].map(([who, trace]) => [who, trace[name] as Answer]))));
}

function compareAll(name: string, answers: ReadonlyMap<Who, Answer>): string[] {
  const expected = withoutOwn(answers.get('suite') as Answer);
  if (expected.status >= 300) throw new Error(`the suite refuses ${name}: ${expected.body}`);
  return [...answers].flatMap(([who, answer]) => {
    if (who === 'suite') return [];
    const difference = differenceOf(expected, withoutOwn(answer));
    if (difference !== undefined) throw new Error(`${who} does not write as the suite does, ${name}: ${difference}`);
    return [`${who}: ${name}`];
  });
}
