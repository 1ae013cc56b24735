import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { forbidden, notFound, unavailable } from '@mediai/kit/errors';
import { titreDe } from './conversation.ts';
import { createConversationStoreMemoire } from './conversation-store.memory.ts';
import { createOpenConversation, createOpenPage } from './open-conversation.ts';

const medecin: Acteur = { id: 20, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 't' };
const admin: Acteur = { ...medecin, id: 30, role: 'patient', estAdmin: true };
const owner: Acteur = { ...medecin, id: 11, role: 'patient' };

describe('opening a conversation', () => {
  const fiche = { numeroDossier: 'x', deleted: false, publishedAnalyseIds: [] };
  const ouvrir = (answer: () => Promise<void> = async () => undefined) => {
    const store = createConversationStoreMemoire({
      conversations: [
        { id: 1, userId: 11, etablissementId: 1, fiche: { ...fiche, id: 101 } },
        { id: 3, userId: 11, etablissementId: 1, fiche: { ...fiche, id: 103, assignedMedecinId: 21 } },
        { id: 4, userId: 11, etablissementId: 1 },
      ],
      messages: [], users: [],
    });
    const asked: { ficheId: number; acteurId: number; motif: string | undefined }[] = [];
    const open = createOpenConversation({
      store,
      openFiche: (ficheId, { id: acteurId }, motif) => {
        asked.push({ ficheId, acteurId, motif });
        return answer();
      },
    });
    return { store, asked, open: (acteur: Acteur, id: number, motif?: string) => open({ acteur, motif }, id) };
  };

  test.each<[string, Acteur, number]>([['a médecin', medecin, 1], ['a médecin within the validity of a reason', medecin, 3], ['an admin', admin, 3]])('by %s is judged by consultation, and audited', async (_qui, acteur, id) => {
    const { open, asked, store } = ouvrir();
    await expect(open(acteur, id)).resolves.toMatchObject({ conversation: { id } });
    expect(asked).toEqual([{ ficheId: 100 + id, acteurId: acteur.id, motif: undefined }]);
    expect(store.acces).toEqual([{ acteurId: acteur.id, acteurRole: acteur.estAdmin ? 'admin' : 'medecin', conversationId: id, etablissementId: 1, issue: 'ok', raison: undefined }]);
  });

  test('with a reason passes it on, and audits it', async () => {
    const { open, asked, store } = ouvrir();
    await open(medecin, 3, 'Garde de nuit');
    expect(asked).toEqual([{ ficheId: 103, acteurId: 20, motif: 'Garde de nuit' }]);
    expect(store.acces).toMatchObject([{ issue: 'ok', raison: 'Garde de nuit' }]);
  });

  test.each([1, 3, 4])('by its owner needs nobody’s word, and opens nothing (%i)', async (id) => {
    const { open, asked, store } = ouvrir(() => Promise.reject(unavailable()));
    await expect(open(owner, id)).resolves.toMatchObject({ conversation: { id } });
    expect([asked, store.acces]).toEqual([[], []]);
  });

  test('without a fiche is an admin’s to read, audited here', async () => {
    const { open, asked, store } = ouvrir();
    await open(admin, 4);
    expect(asked).toEqual([]);
    expect(store.acces).toMatchObject([{ acteurId: 30, conversationId: 4, issue: 'ok' }]);
    await expect(open(medecin, 4)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('is refused as consultation refuses, which is audited; what it does not find does not exist', async () => {
    const sansMotif = ouvrir(() => Promise.reject(forbidden('acces.motif_requis', 'x')));
    await expect(sansMotif.open(medecin, 3)).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    expect(sansMotif.store.acces).toMatchObject([{ acteurId: 20, conversationId: 3, issue: 'refus', raison: 'acces.motif_requis' }]);
    const inconnue = ouvrir(() => Promise.reject(notFound('fiche.introuvable', 'x')));
    await expect(inconnue.open(medecin, 1)).rejects.toMatchObject({ kind: 'not_found', code: 'conversation.introuvable' });
    expect(inconnue.store.acces).toEqual([]);
  });

  test.each([undefined, 'Garde'])('waits for nobody: while consultation is away it is unavailable (%s)', async (motif) => {
    for (const [acteur, id] of [[medecin, 1], [medecin, 3], [admin, 1]] as const) {
      const { open, store } = ouvrir(() => Promise.reject(unavailable()));
      await expect(open(acteur, id, motif)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(store.acces).toEqual([]);
    }
  });
});

describe('showing a page of conversations', () => {
  const sujet = (id: number, userId: number, ficheId?: number) => ({ id, userId, ficheId, etablissementId: 1 });
  const page = [sujet(1, 11, 101), sujet(2, 12, 102), sujet(3, 12, 103), sujet(4, 20, 104), sujet(5, 20), sujet(6, 13)];
  const montrer = (openFiches: (ids: readonly number[], acteur: Acteur) => Promise<ReadonlySet<number>>) => {
    const store = createConversationStoreMemoire({ conversations: [], messages: [], users: [] });
    const asked: (readonly number[])[] = [];
    const open = createOpenPage({ store, openFiches: (ids, acteur) => (asked.push(ids), openFiches(ids, acteur)) });
    return { store, asked, open: async (acteur: Acteur) => [...(await open(acteur, page))] };
  };

  test('asks consultation once about others’ fiches, leaves out what it does not let be seen, and audits the rest', async () => {
    const { open, asked, store } = montrer(async () => new Set([101, 103]));
    expect(await open(medecin)).toEqual([1, 3, 4, 5, 6]);
    expect(asked).toEqual([[101, 102, 103]]);
    expect(store.pages).toEqual([{ lecteur: { acteurId: 20, acteurRole: 'medecin' }, ids: [1, 3, 6] }]);
  });

  test('of one’s own asks nobody, and opens nothing', async () => {
    const { open, asked, store } = montrer(() => Promise.reject(unavailable()));
    const open11 = createOpenPage({ store, openFiches: () => Promise.reject(unavailable()) });
    expect([...(await open11(owner, page.slice(0, 1)))]).toEqual([1]);
    expect([asked, store.pages]).toEqual([[], []]);
    await expect(open(admin)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(store.pages).toEqual([]);
  });
});

test('a title is the name, else how the first user message begins', () => {
  expect(titreDe({ nom: 'Garde', firstUserMessage: 'x' })).toBe('Garde');
  expect(titreDe({ nom: undefined, firstUserMessage: 'Fièvre depuis trois jours et maux de tête' })).toBe('Fièvre depuis trois jours et m...');
  expect(titreDe({ nom: undefined, firstUserMessage: undefined })).toBe('Conversation');
});
