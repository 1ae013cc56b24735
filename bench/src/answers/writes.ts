import { ficheComplete } from '@mediai/testing';
import { ask, askJson, type Answer, type Question } from './ask.ts';
import { createHours } from './hours.ts';
import type { Server } from './questions.ts';
import type { Scene } from './scene.ts';

export type Who = 'suite' | Server;
export type Write = { readonly name: string; readonly of: readonly Who[]; readonly make: (who: Who) => Promise<Question> };

const all: readonly Who[] = ['suite', 'floor', 'hop'];
const notHop: readonly Who[] = ['suite', 'floor'];

/** What each server writes in its turn, on rows of the suite's. */
export function writesOf(suiteUrl: string, { tokens: { patient, medecin }, fiche }: Scene): Write[] {
  const nextHour = createHours();
  const asked = (): object => {
    const { start, end } = nextHour();
    return { medecin: 2, fiche, requested_start: start, requested_end: end, consultation_mode: 'presentiel', message_patient: 'Contrôle' };
  };
  const pending = async (): Promise<number> => (await askJson<{ id: number }>(suiteUrl, { method: 'POST', path: '/appointments/', token: patient, body: asked() })).id;
  return [
    { name: 'create, a patient', of: all, make: async () => ({ method: 'POST', path: '/fiche-consultation/', token: patient, body: ficheComplete() }) },
    { name: 'create for a médecin', of: all, make: async () => ({ method: 'POST', path: '/fiche-consultation/', token: medecin, body: { ...ficheComplete(), temperature: '38,5', assigned_medecin: 2 } }) },
    { name: 'edit-diagnostic', of: all, make: async () => ({ method: 'PATCH', path: `/fiche-consultation/${fiche}/edit-diagnostic/`, token: medecin, body: { diagnostic: 'Paludisme simple, TDR positif. « é » "guillemets" \\ \u0001', traitement: null } }) },
    { name: 'validate', of: notHop, make: async () => ({ method: 'POST', path: `/fiche-consultation/${fiche}/validate/`, token: medecin, body: { recommandations: 'Boire.' } }) },
    { name: 'appointment create', of: all, make: async () => ({ method: 'POST', path: '/appointments/', token: patient, body: asked() }) },
    {
      name: 'appointment confirm',
      of: notHop,
      make: async () => {
        const { start, end } = nextHour();
        return { method: 'POST', path: `/appointments/${await pending()}/confirm/`, token: medecin, body: { confirmed_start: start, confirmed_end: end, message_medecin: 'À jeun.' } };
      },
    },
  ];
}

/** Lines of the journal and of the history that people have left; an analysis, which only the suite's own fiches get, leaves others. */
function ofPeople(answer: Answer): Answer {
  const { results } = JSON.parse(answer.body) as { results: { acteur: number | null }[] };
  return { ...answer, body: JSON.stringify(results.filter(({ acteur }) => acteur !== null)) };
}

/** What the suite tells of a fiche that one of them made, listed twice, read and edited: who opened it, what was done to it. */
export async function traceOf(suiteUrl: string, { tokens: { admin } }: Scene, created: Answer, by: (question: Question) => Promise<Answer>): Promise<Record<string, Answer>> {
  const { id, numero_dossier: numero } = JSON.parse(created.body) as { id: number; numero_dossier: string };
  const list = { method: 'GET', path: `/fiche-consultation/?search=${numero}` } as const;
  for (const question of [list, list, { method: 'GET', path: `/fiche-consultation/${id}/` }, { method: 'PATCH', path: `/fiche-consultation/${id}/edit-diagnostic/`, body: { diagnostic: 'Écrit.' } }] as const) {
    const { status, body } = await by({ ...question, token: admin });
    if (status !== 200) throw new Error(`${question.method} ${question.path} answered ${status}: ${body}`);
  }
  const told = async (path: string): Promise<Answer> => ofPeople(await ask(suiteUrl, { method: 'GET', path: `/fiche-consultation/${id}/${path}`, token: admin }));
  return { 'the journal of accesses': await told('acces/'), 'the history': await told('historique/') };
}
