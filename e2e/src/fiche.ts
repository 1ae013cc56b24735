import { ficheComplete } from '@mediai/testing';
import { call, until, type Answer } from './client.ts';

export type Fiche = Record<string, unknown> & { id: number; status: string; numero_dossier: string; diagnostic_ia: string | null };
export type Message = { id: number; role: string; content: string };

/** Post a complete fiche as a patient. */
export async function postFiche(token: string, overrides: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer<Fiche>> {
  return call<Fiche>('POST', '/api/v1/fiche-consultation/', { token, body: ficheComplete(overrides), headers });
}

/** The same by who goes on with the fiche. @throws with the answer when it was refused */
export async function createFiche(token: string, overrides: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Fiche> {
  const { status, body } = await postFiche(token, overrides, headers);
  if (status !== 201) throw new Error(`POST of a fiche answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export const readFiche = async (token: string, id: number): Promise<Fiche> => {
  const answer = await call<Fiche>('GET', `/api/v1/fiche-consultation/${id}/`, { token });
  if (answer.status !== 200) throw new Error(`GET of fiche ${id} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** Wait for the end of the analysis, as the médecin sees it. */
export const analysedFiche = (token: string, id: number, timeoutMs = 60_000): Promise<Fiche> =>
  until(`analysis of fiche ${id}`, () => readFiche(token, id), (fiche) => fiche.status === 'analyse_terminee', timeoutMs);

/** The messages of the fiche's conversation as the reader sees them; undefined while there is none. */
export async function conversationOf(token: string, ficheId: number): Promise<{ id: number; messages: Message[] } | undefined> {
  const list = await call<{ results: { id: number; fiche: number }[] }>('GET', `/api/v1/conversations/?fiche=${ficheId}&page_size=100`, { token });
  const conversation = list.body.results.find((item) => item.fiche === ficheId);
  if (!conversation) return undefined;
  const messages = await call<Message[]>('GET', `/api/v1/conversations/${conversation.id}/messages/`, { token });
  return { id: conversation.id, messages: messages.body };
}

/** Validate with texts that a médecin would write. */
export const validateFiche = (token: string, id: number): Promise<Answer<Fiche>> =>
  call<Fiche>('POST', `/api/v1/fiche-consultation/${id}/validate/`, {
    token,
    body: {
      diagnostic: 'Paludisme simple à Plasmodium falciparum, TDR positif. Pneumonie débutante à écarter.',
      traitement: 'Artéméther-luméfantrine 80/480 mg, 1 comprimé matin et soir pendant 3 jours. Paracétamol 1 g si fièvre, 3 g par jour au plus.',
      examen_complementaire: 'Goutte épaisse de contrôle à J3, NFS.',
      recommandations: 'Boire abondamment, dormir sous moustiquaire imprégnée, revenir sans attendre si vomissements, confusion ou gêne respiratoire.',
    },
  });
