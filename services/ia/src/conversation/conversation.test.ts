import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { AppError, forbidden, unavailable } from '@mediai/kit/errors';
import { juger, lirePage, porteeDe, titreDe, type Situation } from './conversation.ts';
import { createConversationStoreMemoire } from './conversation-store.memory.ts';
import { createOpenConversation } from './open-conversation.ts';

const acteur = (plus: Partial<Acteur>): Acteur => ({ id: 20, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 't', ...plus });
const situation = (plus: Partial<Situation> = {}): Situation => ({ userId: 10, etablissementId: 1, fiche: { assignedMedecinId: undefined, deleted: false }, ...plus });

describe('who sees a conversation', () => {
  test.each<[string, Partial<Acteur>, Partial<Situation>, string]>([
    ['its owner', { id: 10, role: 'patient' }, {}, 'oui'],
    ['another patient', { id: 11, role: 'patient' }, {}, 'introuvable'],
    ['a médecin, unassigned', {}, {}, 'oui'],
    ['a médecin, assigned to them', {}, { fiche: { assignedMedecinId: 20, deleted: false } }, 'oui'],
    ['a médecin, assigned to another', {}, { fiche: { assignedMedecinId: 21, deleted: false } }, 'motif_requis'],
    ['a médecin of another établissement', { etablissementId: 2 }, {}, 'introuvable'],
    ['a médecin, without a fiche', {}, { fiche: undefined }, 'introuvable'],
    ['a médecin, their own', { id: 10 }, { fiche: undefined }, 'oui'],
    ['an admin', { estAdmin: true, approuve: false }, { fiche: { assignedMedecinId: 21, deleted: false } }, 'oui'],
    ['an admin with the role of a patient', { estAdmin: true, role: 'patient' }, {}, 'oui'],
    ['an admin of another établissement', { estAdmin: true, etablissementId: 2 }, {}, 'introuvable'],
    ['its owner, once the fiche is deleted', { id: 10, role: 'patient' }, { fiche: { assignedMedecinId: undefined, deleted: true } }, 'introuvable'],
  ])('%s', (_qui, qui, quoi, attendu) => {
    expect(juger(porteeDe(acteur(qui)), situation(quoi))).toBe(attendu);
  });

  test('nobody, a service and a médecin who waits for approval see none', () => {
    expect(() => porteeDe(undefined)).toThrow(expect.objectContaining({ kind: 'unauthenticated' }));
    expect(() => porteeDe(acteur({ role: 'service' }))).toThrow(expect.objectContaining({ kind: 'forbidden' }));
    expect(() => porteeDe(acteur({ approuve: false }))).toThrow(expect.objectContaining({ kind: 'forbidden', code: 'compte.en_attente' }));
  });
});

describe("a colleague's conversation", () => {
  const ouvrir = (askAccess: () => Promise<void>) => {
    const store = createConversationStoreMemoire({ conversations: [{ id: 3, userId: 11, etablissementId: 1, fiche: { id: 103, numeroDossier: 'x', assignedMedecinId: 21, deleted: false, publishedAnalyseIds: [] } }], messages: [], users: [] });
    return { store, open: (motif?: string) => createOpenConversation({ store, askAccess })({ acteur: acteur({}), motif, requestId: 'r' }, 3) };
  };

  test('opens with a reason that consultation takes, and the reason is audited', async () => {
    const { open, store } = ouvrir(async () => undefined);
    await expect(open('Garde de nuit')).resolves.toMatchObject({ conversation: { id: 3 } });
    expect(store.acces).toEqual([{ acteurId: 20, acteurRole: 'medecin', conversationId: 3, etablissementId: 1, motif: 'Garde de nuit', requestId: 'r' }]);
  });

  test('opens without a reason within its validity', async () => {
    const { open, store } = ouvrir(async () => undefined);
    await expect(open()).resolves.toBeDefined();
    expect(store.acces).toEqual([]);
  });

  test('asks for a reason otherwise, also while consultation is away', async () => {
    await expect(ouvrir(() => Promise.reject(forbidden('acces.motif_requis', 'x'))).open()).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    await expect(ouvrir(() => Promise.reject(unavailable())).open()).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    await expect(ouvrir(() => Promise.reject(unavailable())).open('Garde')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

test('a title is the name, else how the first user message begins', () => {
  expect(titreDe({ nom: 'Garde', firstUserMessage: 'x' })).toBe('Garde');
  expect(titreDe({ nom: undefined, firstUserMessage: 'Fièvre depuis trois jours et maux de tête' })).toBe('Fièvre depuis trois jours et m...');
  expect(titreDe({ nom: undefined, firstUserMessage: undefined })).toBe('Conversation');
});

test.each([[{ page: 0, pageSize: 20 }, 'requete.invalide'], [{ page: 1, pageSize: 101 }, 'requete.invalide'], [{ page: 101, pageSize: 100 }, 'pagination.trop_profonde']])('the page %j is refused', (page, code) => {
  try {
    lirePage(page);
    throw new Error('taken');
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).kind).toBe('invalid');
    if (code.startsWith('pagination')) expect((error as AppError).code).toBe(code);
  }
});
