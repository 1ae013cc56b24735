import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { contient, estSienne, estVisible, exiger, may, porteeDe, refus, type Action, type Situation, type Verdict } from './acces.ts';

const acteur = (plus: Partial<Acteur>): Acteur => ({ id: 20, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 't', ...plus });
const libre = { assignedMedecinId: undefined, deleted: false };
const deFiche: Situation = { userId: 10, etablissementId: 1, fiche: libre };
const objets = {
  libre: deFiche,
  suivie: { ...deFiche, fiche: { ...libre, assignedMedecinId: 20 } },
  collegue: { ...deFiche, fiche: { ...libre, assignedMedecinId: 21 } },
  sansFiche: { ...deFiche, fiche: undefined },
  supprimee: { ...deFiche, fiche: { ...libre, deleted: true } },
};
type Objets = Record<keyof typeof objets, Verdict>;
const tous = (verdict: Verdict): Objets => ({ libre: verdict, suivie: verdict, collegue: verdict, sansFiche: verdict, supprimee: verdict });

const acteurs: [string, Acteur, Record<'lister' | 'lire_analyse', Verdict>, Objets][] = [
  ['its patient', acteur({ id: 10, role: 'patient' }), { lister: 'oui', lire_analyse: 'role' }, { ...tous('oui'), supprimee: 'introuvable' }],
  ['another patient', acteur({ id: 11, role: 'patient' }), { lister: 'oui', lire_analyse: 'role' }, tous('introuvable')],
  ['a médecin', acteur({}), { lister: 'oui', lire_analyse: 'role' }, { libre: 'oui', suivie: 'oui', collegue: 'motif_requis', sansFiche: 'introuvable', supprimee: 'introuvable' }],
  ['a médecin, of their own', acteur({ id: 10 }), { lister: 'oui', lire_analyse: 'role' }, { ...tous('oui'), supprimee: 'introuvable' }],
  ['a médecin of another établissement', acteur({ etablissementId: 2 }), { lister: 'oui', lire_analyse: 'role' }, tous('introuvable')],
  ['a médecin who waits for approval', acteur({ approuve: false }), { lister: 'en_attente', lire_analyse: 'role' }, tous('en_attente')],
  ['a médecin who waits for approval, of their own', acteur({ id: 10, approuve: false }), { lister: 'en_attente', lire_analyse: 'role' }, tous('en_attente')],
  ['an admin', acteur({ id: 30, role: 'patient', estAdmin: true }), { lister: 'oui', lire_analyse: 'role' }, { ...tous('oui'), supprimee: 'introuvable' }],
  ['an admin with a médecin’s account that waits', acteur({ id: 30, estAdmin: true, approuve: false }), { lister: 'oui', lire_analyse: 'role' }, { ...tous('oui'), supprimee: 'introuvable' }],
  ['an admin of another établissement, of their own', acteur({ id: 10, estAdmin: true, etablissementId: 2 }), { lister: 'oui', lire_analyse: 'role' }, { ...tous('oui'), supprimee: 'introuvable' }],
  ['an admin of another établissement', acteur({ id: 30, estAdmin: true, etablissementId: 2 }), { lister: 'oui', lire_analyse: 'role' }, tous('introuvable')],
  ['a superuser of another établissement', acteur({ id: 30, estAdmin: true, estSuperuser: true, etablissementId: 2 }), { lister: 'oui', lire_analyse: 'role' }, tous('introuvable')],
  ['consultation', acteur({ id: 0, role: 'service', service: 'consultation', etablissementId: 0 }), { lister: 'role', lire_analyse: 'oui' }, tous('role')],
  ['another service', acteur({ id: 0, role: 'service', service: 'notifications', etablissementId: 0 }), { lister: 'role', lire_analyse: 'role' }, tous('role')],
];

describe('who may do what', () => {
  test.each(acteurs)('%s', (_qui, qui, sansObjet, attendus) => {
    expect({ lister: may(qui, 'lister'), lire_analyse: may(qui, 'lire_analyse') }).toEqual(sansObjet);
    expect(Object.fromEntries(Object.entries(objets).map(([nom, objet]) => [nom, may(qui, 'lire', objet)]))).toEqual(attendus);
  });

  test.each(acteurs)('lists of %s hold what they may read without a reason', (_qui, qui, { lister }, attendus) => {
    if (lister !== 'oui') return expect(() => exiger(qui, 'lister')).toThrow(expect.objectContaining({ kind: 'forbidden' }));
    expect(Object.keys(objets).filter((nom) => contient(porteeDe(qui), objets[nom as keyof Objets]))).toEqual(Object.keys(attendus).filter((nom) => attendus[nom as keyof Objets] === 'oui'));
  });

  test.each<[Action, Acteur, Situation | undefined, object]>([
    ['lire', acteur({ etablissementId: 2 }), deFiche, { kind: 'not_found', code: 'conversation.introuvable' }],
    ['lire', acteur({}), objets.collegue, { kind: 'forbidden', code: 'acces.motif_requis' }],
    ['lister', acteur({ approuve: false }), undefined, { kind: 'forbidden', code: 'compte.en_attente' }],
    ['lire_analyse', acteur({}), undefined, { kind: 'forbidden', code: refus('role').code }],
  ])('%s is refused with its code', (action, qui, objet, erreur) => {
    expect(() => exiger(qui, action, objet)).toThrow(expect.objectContaining(erreur));
  });
});

test('one’s own conversation is nobody else’s dossier, whatever the quality in which one reads it', () => {
  for (const qui of [acteur({ id: 10, role: 'patient' }), acteur({ id: 10 }), acteur({ id: 10, estAdmin: true })]) expect(estSienne(porteeDe(qui), deFiche)).toBe(true);
  expect(estSienne(porteeDe(acteur({})), deFiche)).toBe(false);
  expect(estSienne(porteeDe(acteur({})), { userId: undefined })).toBe(false);
});

test.each<[string, Partial<Acteur>, keyof typeof objets, string, number | undefined, boolean]>([
  ['a patient reads the question', { id: 10, role: 'patient' }, 'libre', 'user', undefined, true],
  ['a patient reads what is published', { id: 10, role: 'patient' }, 'libre', 'synthese', 7, true],
  ['a patient reads a voice that is published', { id: 10, role: 'patient' }, 'libre', 'gpt4', 7, true],
  ['a patient does not read what is not', { id: 10, role: 'patient' }, 'libre', 'synthese', 8, false],
  ['a patient does not read an answer without an analysis', { id: 10, role: 'patient' }, 'sansFiche', 'synthese', undefined, false],
  ['a médecin reads all', {}, 'libre', 'synthese', 8, true],
  ['a médecin with a reason reads all', {}, 'collegue', 'synthese', 8, true],
  ['an admin reads all', { role: 'patient', estAdmin: true }, 'collegue', 'gemini', 8, true],
  ['a médecin reads all of their own without a fiche', { id: 10 }, 'sansFiche', 'synthese', undefined, true],
  ['a médecin reads all of their own dossier while it is in their care', { id: 10 }, 'libre', 'synthese', 8, true],
  ['a médecin whose own dossier a colleague follows is its patient', { id: 10 }, 'collegue', 'synthese', 8, false],
  ['who is so reads what is published', { id: 10 }, 'collegue', 'synthese', 7, true],
  ['an admin whose own dossier is elsewhere is its patient', { id: 10, estAdmin: true, etablissementId: 2 }, 'libre', 'synthese', 8, false],
])('%s', (_quoi, qui, objet, role, analyseId, attendu) => {
  expect(estVisible(porteeDe(acteur(qui)), objets[objet], { role, analyseId }, [7])).toBe(attendu);
});
