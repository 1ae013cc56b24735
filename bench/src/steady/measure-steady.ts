import { setTimeout as sleep } from 'node:timers/promises';
import { openLoop } from '../load/open-loop.ts';
import type { Bench, Measurement } from '../measurement.ts';
import { rate as cell } from '../report/cells.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { rows } from '../rows/rows.ts';
import { requestsOf } from '../rows/write-request.ts';
import { untilAnalysed, waitingAnalyses } from '../suite/waiting-analyses.ts';
import { bracket, keepsUp, nextRate, type Trial } from './steady-rate.ts';

const [trialSeconds, mostTrials] = [16, 6];

/**
 * How many fiches a second may be posted for good while ia analyses them: the highest arrival rate at which what waits
 * for its analysis does not grow. Models are stand-ins that answer at once: real ones take seconds, and then
 * `IA_CONCURRENCY` decides.
 */
export const steadyMeasurement: Measurement = {
  name: 'steady', title: 'Fiche create with ia running', notQuick: true,
  run: async (bench) => {
    await untilAnalysed(bench);
    const first = await drainRate(bench, 300);
    const trials: Trial[] = [];
    while (trials.length < mostTrials) {
      trials.push(await tryRate(bench, nextRate(trials, first), trialSeconds));
      await untilAnalysed(bench);
    }
    const { kept, lost } = bracket(trials);
    const lines = trials.toSorted((a, b) => a.rate - b.rate).map((trial) => [cell(trial.rate), String(trial.created), String(trial.analysed), String(trial.failed), keepsUp(trial) ? 'yes' : 'no']);
    const words = `Steady: ${cell(kept)} fiches/s${lost === Infinity ? ', and perhaps more' : `, less than ${cell(lost)}`}. When only analyses are under way, they end at ${cell(first)}/s.`;
    return { table: `${markdownTable(['posted /s', 'posted', 'analysed meanwhile', 'failed', 'kept up'], lines)}\n\n${words}`, json: { steady: kept, tooMuch: lost === Infinity ? null : lost, drain: first, trials } };
  },
};

async function post(bench: Bench, rate: number, seconds: number) {
  const row = rows.find(({ name }) => name === 'fiche-create');
  if (!row) throw new Error('there is no row fiche-create');
  return openLoop(bench.gatewayUrl, await requestsOf(row, bench, { medecinId: 0, fiches: [], validables: [], demandes: [], conversations: [], attachments: [] }), { rate, seconds });
}

/** Analyses by second while many wait and nobody asks. */
async function drainRate(bench: Bench, fiches: number): Promise<number> {
  await post(bench, fiches, 1);
  const [waiting, began] = [await waitingAnalyses(bench), performance.now()];
  await untilAnalysed(bench);
  return Math.max(1, (waiting / (performance.now() - began)) * 1000);
}

/** Posts at a rate; what is counted is the second half, when as many are under way as the rate asks for. */
async function tryRate(bench: Bench, rate: number, seconds: number): Promise<Trial> {
  const posting = post(bench, rate, seconds);
  await sleep((seconds * 1000) / 2);
  const before = await waitingAnalyses(bench);
  const { failed } = await posting;
  const after = await waitingAnalyses(bench);
  const created = Math.round((rate * seconds) / 2);
  return { rate, created, analysed: created - (after - before), failed };
}
