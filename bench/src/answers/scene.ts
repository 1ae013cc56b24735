import { setTimeout as sleep } from 'node:timers/promises';
import type { Urgence } from '@mediai/fiche';
import { ficheComplete } from '@mediai/testing';
import { ecrireCurseur } from '../../../services/consultation/src/fiche/curseur.ts';
import { askJson } from './ask.ts';

export type Qui = 'patient' | 'medecin' | 'admin';
export type Tokens = Record<Qui, string>;

/** The rows of the suite that are asked for. */
export interface Scene {
  readonly tokens: Tokens;
  readonly fiche: number;
  readonly numero: string;
  /** A word of its patient's name. */
  readonly mot: string;
  readonly conversation: number | undefined;
  /** The place behind the fiche in the list of the newest. */
  readonly curseur: string;
  /** One that a colleague of the médecin follows, who opens it with a reason only. */
  readonly suivie: Pick<Fiche, 'id' | 'numero_dossier'>;
}

type Fiche = { id: number; numero_dossier: string; nom: string; status: string; urgence: Urgence; created_at: string };

const PASSWORD = 'demo-mediai';
/** The admin of the demonstration, who is a médecin too and follows what they assign to themselves. */
const COLLEGUE = 3;
const analysedWithinMs = 20_000;

/** Tokens of the people of the demonstration. */
async function logIn(suiteUrl: string): Promise<Tokens> {
  const login = async (qui: Qui): Promise<string> => (await askJson<{ access: string }>(suiteUrl, { method: 'POST', path: '/auth/token/', body: { username: `${qui}.demo`, password: PASSWORD } })).access;
  return { patient: await login('patient'), medecin: await login('medecin'), admin: await login('admin') };
}

/**
 * Has the suite make a fiche, and waits a while for its analysis, so that the answers hold one; where ia is paused they do
 * without.
 */
export async function setScene(suiteUrl: string): Promise<Scene> {
  const tokens = await logIn(suiteUrl);
  const create = (qui: Qui, plus: object = {}): Promise<Fiche> => askJson<Fiche>(suiteUrl, { method: 'POST', path: '/fiche-consultation/', token: tokens[qui], body: { ...ficheComplete(), ...plus } });
  const { id, numero_dossier, nom, urgence, created_at } = await create('patient');
  const suivie = await create('admin', { assigned_medecin: COLLEGUE });
  const until = performance.now() + analysedWithinMs;
  while (performance.now() < until && (await askJson<Fiche>(suiteUrl, { method: 'GET', path: `/fiche-consultation/${id}/`, token: tokens.medecin })).status === 'en_analyse') await sleep(250);
  const { results } = await askJson<{ results: { id: number }[] }>(suiteUrl, { method: 'GET', path: `/conversations/?fiche=${id}`, token: tokens.medecin });
  return { tokens, fiche: id, numero: numero_dossier, mot: nom, conversation: results[0]?.id, curseur: ecrireCurseur('-created_at', { id, urgence, created_at: new Date(created_at) }), suivie };
}
