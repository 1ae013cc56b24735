import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ficheComplete } from '@mediai/testing';
import type { WireRequest } from '../load/request.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { cpuMs } from '../process/process-usage.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { countLosses, type Kill, type Losses } from './loss.ts';
import { missing, type Created } from './missing.ts';
import { control, endPairs, killReplica, startPairs, type Replica } from './replicas.ts';
import { createTurns, type Asked } from './turns.ts';

const workers = 16;
/** Every tenth request creates a fiche, every tenth reads a page, the others read a fiche. */
const mix = 10;

/** What some seconds of load were: requests by second, the share of a core by process, failures. */
type Run = { perSecond: number; cpu: Record<string, number>; asked: Asked[]; refused: number };

/** Two replicas of gateway and consultation behind clients that take turns, and what is lost when one of them is killed. */
export const scaleOut: Measurement = {
  name: 'scale-out',
  title: 'Two replicas of gateway and consultation',
  notQuick: true,
  async run(bench) {
    const seconds = 15;
    const created: Created[] = [];
    const load = createLoad(bench, created);
    await load([bench.gatewayUrl], 3); // warms up what follows
    const one = await load([bench.gatewayUrl], seconds);
    try {
      const { gateways, names } = await startPairs(bench);
      await load(gateways, 5, names);
      const two = await load(gateways, seconds, names);
      const kills: { killed: string; losses: Losses; refused: number }[] = [];
      for (const killed of ['consultation-2', 'gateway-2']) {
        let kill: Kill | undefined;
        const dying = sleep(5_000).then(async () => (kill = await killReplica(killed)));
        const run = await load(gateways, seconds, names);
        await dying;
        if (!kill) throw new Error(`${killed} was not killed`);
        kills.push({ killed, losses: countLosses(run.asked, kill), refused: run.refused });
        bench.log(`scale-out: ${killed} killed, ${JSON.stringify(kills.at(-1)?.losses)}`);
      }
      return write(one, two, kills, await missing(bench, created));
    } finally {
      await endPairs(bench);
    }
  },
};

/** A load of 16 who ask again as soon as they are answered. Acknowledged creates are noted in `created`. */
function createLoad(bench: Bench, created: Created[]) {
  let fiches: number[] = [];
  return async (gateways: readonly string[], seconds: number, replicas: readonly string[] = []): Promise<Run> => {
    const tokens = { patient: await bench.token('patient'), medecin: await bench.token('medecin') };
    const [turns, asked, pids] = [createTurns(gateways), [] as Asked[], { ...(await bench.pids()), ...(await pidsOf(replicas)) }];
    const [before, began] = [cpuMs(pids), performance.now()];
    const endMs = began + seconds * 1_000;
    let n = 0;
    await Promise.all(Array.from({ length: workers }, async () => {
      while (performance.now() < endMs) {
        const [at, marker] = [n++, randomUUID()];
        const isCreate = at % mix === 0 || fiches.length === 0;
        const done = await turns.ask(isCreate ? createOf(tokens.patient, marker) : readOf(tokens.medecin, fiches, at));
        asked.push(done);
        if (!isCreate) continue;
        const id = done.failure === undefined ? (JSON.parse(done.body) as { id: number }).id : undefined;
        created.push({ marker, id });
        if (id !== undefined) fiches = [...fiches, id].slice(-50);
      }
    }));
    const [after, ms] = [cpuMs(pids), performance.now() - began];
    turns.close();
    const good = asked.filter(({ failure }) => failure === undefined).length;
    return { perSecond: (good / ms) * 1_000, cpu: Object.fromEntries(Object.keys(pids).map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / ms])), asked, refused: turns.refused() };
  };
}

const pidsOf = async (names: readonly string[]): Promise<Record<string, number>> => Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await control<Replica>('GET', name)).pid] as const)));

const createOf = (token: string, marker: string): WireRequest => ({
  method: 'POST', path: '/api/v1/fiche-consultation/', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ ...ficheComplete(), motif_consultation: `Fièvre depuis trois jours (${marker})` }),
});

const readOf = (token: string, fiches: readonly number[], n: number): WireRequest => ({
  method: 'GET', path: n % mix === 5 ? '/api/v1/fiche-consultation/?page_size=20' : `/api/v1/fiche-consultation/${fiches[n % fiches.length] ?? 0}/`, headers: { authorization: `Bearer ${token}` },
});

function write(one: Run, two: Run, kills: readonly { killed: string; losses: Losses; refused: number }[], lost: Awaited<ReturnType<typeof missing>>) {
  const cores = (run: Run, pattern: RegExp): string => Object.entries(run.cpu).reduce((sum, [name, share]) => sum + (pattern.test(name) ? share : 0), 0).toFixed(2);
  const row = (name: string, run: Run): string[] => [name, run.perSecond.toFixed(0), (run.perSecond / one.perSecond).toFixed(2), cores(run, /^gateway/), cores(run, /^consultation/), cores(run, /^(auth|ia|appointments|notifications)/), cores(run, /^(postgres|kafka|redis)/), String(run.asked.filter(({ failure }) => failure !== undefined).length)];
  const rates = markdownTable(['gateways + consultations', 'requests/s', 'ratio', 'gateways, cores', 'consultations, cores', 'other services, cores', 'parts, cores', 'failed'], [row('1 + 1', one), row('2 + 2', two)]);
  const died = markdownTable(['killed in mid-run', 'requests', 'under way on all replicas', 'of them failed', 'others failed', 'connections refused, asked of the other', 'how they failed'], kills.map(({ killed, losses, refused }) => [killed.split('-')[0] ?? '', String(losses.asked), String(losses.underWay), String(losses.failedUnderWay), String(losses.failedOthers), String(refused), Object.entries(losses.failures).map(([how, count]) => `${count} x ${how}`).join(', ')]));
  const words = `${lost.acknowledged} creates were acknowledged: ${lost.absent} of them are not in the database, ${lost.twice} are there twice, ${lost.unfinished} are without an end of their analysis. Of ${lost.failed} that failed, ${lost.failedButThere} are there.`;
  const told = ({ perSecond, cpu }: Run) => ({ perSecond, cpu });
  return { table: [rates, died, words].join('\n\n'), json: { one: told(one), two: told(two), ratio: two.perSecond / one.perSecond, kills, lost } };
}
