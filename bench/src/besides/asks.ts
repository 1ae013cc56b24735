import { ficheComplete } from '@mediai/testing';
import type { Bench } from '../measurement.ts';
import type { WireRequest } from '../load/request.ts';

/** One thing that somebody asks, and how often among a hundred requests. */
type Ask = { share: number; of: (world: AskWorld, n: number) => WireRequest };

/** What requests are made of: tokens that are renewed in time, and fiches with their conversations to ask for. */
export type AskWorld = { tokens: { patient: string; medecin: string }; fiches: readonly number[]; conversations: readonly number[] };

const turn = (ids: readonly number[], n: number): number => ids[n % ids.length] ?? 0;
const get = (token: string, path: string): WireRequest => ({ method: 'GET', path: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } });
const post = (token: string, path: string, body: unknown): WireRequest => ({ method: 'POST', path: `/api/v1${path}`, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** What a clinic's people ask in a while, roughly as often as they do. */
export const mixed: readonly Ask[] = [
  { share: 20, of: ({ tokens }) => get(tokens.patient, '/auth/me/') },
  { share: 30, of: ({ tokens, fiches }, n) => get(tokens.medecin, `/fiche-consultation/${turn(fiches, n)}/`) },
  { share: 15, of: ({ tokens }) => get(tokens.medecin, '/fiche-consultation/?page_size=20') },
  { share: 10, of: ({ tokens, conversations }, n) => get(tokens.medecin, `/conversations/${turn(conversations, n)}/messages/`) },
  { share: 10, of: ({ tokens }) => get(tokens.medecin, '/appointments/?page_size=20') },
  { share: 10, of: ({ tokens, fiches }, n) => post(tokens.patient, `/fiche-consultation/${turn(fiches, n)}/messages/`, { content: 'La fièvre est tombée, merci docteur.' }) },
  { share: 5, of: ({ tokens }) => post(tokens.patient, '/fiche-consultation/', ficheComplete()) },
];

/** The ask whose turn it is at `n`: among a hundred each comes as often as its share says, mixed, the same way in each run. */
export function askAt<A extends { share: number }>(asks: readonly A[], n: number): A {
  let at = (n * 37) % 100; // 37 and 100 have no common divisor: all hundred places are taken, neighbours far apart
  for (const ask of asks) {
    at -= ask.share;
    if (at < 0) return ask;
  }
  throw new RangeError('the shares of the asks are less than a hundred');
}

/** Tokens, and fiches whose analysis has ended with their conversations. */
export async function openAskWorld(bench: Bench, fiches: readonly number[], conversations: readonly number[]): Promise<AskWorld> {
  return { tokens: { patient: await bench.token('patient'), medecin: await bench.token('medecin') }, fiches, conversations };
}
