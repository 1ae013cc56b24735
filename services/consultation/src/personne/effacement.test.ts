import { beforeEach, describe, expect, it, test } from '@jest/globals';
import { CHAMPS, type FicheValeurs } from '@mediai/fiche';
import { unavailable } from '@mediai/kit/errors';
import { fixedClock } from '@mediai/testing';
import { createMemoryJournal } from '../acces/journal.memory.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { admin, adminAilleurs, createWorld, medecin, patiente } from '../fiche/fixtures.memory.ts';
import { createCreateEffacement } from './create-effacement.ts';
import { createDecideEffacement, type DecideEffacement } from './decide-effacement.ts';
import type { CompteAEffacer } from './effacement.ts';
import { createMemoryEffacements, type MemoryEffacements } from './effacement-store.memory.ts';
import { effacerFiche } from './effacer-fiche.ts';
import { createListEffacements, type ListEffacements } from './list-effacements.ts';

const clock = fixedClock('2026-11-24T08:00:00Z');
let effacements: MemoryEffacements;
let demander: (motif?: string) => Promise<number>;
let decider: DecideEffacement;
let lister: ListEffacements;
let compte: CompteAEffacer | undefined;
let authAbsent: boolean;
let fermes: { userId: number; token: string }[];

beforeEach(() => {
  const journal = createMemoryJournal({ clock: clock.now });
  effacements = createMemoryEffacements({ clock: clock.now, journal, fichesDe: () => 2 });
  const annuaire = { nommer: async (ids: readonly number[]) => new Map(ids.map((id) => [id, { username: `user${id}`, nom: `Nom${id}` }])) };
  compte = { estSuperuser: false, etablissementId: 1, noms: ['Grâce', 'Kabila'] };
  authAbsent = false;
  fermes = [];
  const creer = createCreateEffacement({ effacements, journal, annuaire });
  demander = async (motif) => {
    const reponse = await creer({ acteur: patiente, motif });
    if (!('vue' in reponse)) throw new Error('replayed');
    return reponse.vue.demande.id;
  };
  decider = createDecideEffacement({
    effacements, journal, annuaire, clock: clock.now,
    lireCompte: async () => {
      if (authAbsent) throw unavailable();
      return compte;
    },
    fermerCompte: async (userId, token) => {
      if (authAbsent) throw unavailable();
      fermes.push({ userId, token });
    },
  });
  lister = createListEffacements({ effacements, annuaire });
});
const page = { page: 1, pageSize: 20 };

describe('a request to erase', () => {
  it('is made once at a time by each person, who follows it', async () => {
    const id = await demander('  Je pars.  ');
    await expect(demander()).rejects.toMatchObject({ kind: 'exists', code: 'effacement.deja_demande' });
    expect((await lister.siennes(patiente, page)).vues).toMatchObject([{ demande: { id, statut: 'en_attente', motif: 'Je pars.' } }]);
    expect((await lister.siennes(medecin, page)).vues).toEqual([]);
    expect(effacements.actes).toMatchObject([{ action: 'effacement.demander', effacementId: id }]);
  });

  it.each(['x'.repeat(2_001), 'nul \0', '\ud800'])('with a reason that cannot be kept is refused', async (motif) => {
    await expect(demander(motif)).rejects.toMatchObject({ kind: 'invalid', fields: { motif: [expect.any(String)] } });
  });

  it('is listed for the admins of its établissement, by state', async () => {
    const id = await demander();
    const de = async (acteur: typeof admin, statuts: string[]) => (await lister.deLEtablissement(acteur, { ...page, statuts })).vues.map(({ demande }) => demande.id);
    expect([await de(admin, []), await de(admin, ['en_attente']), await de(admin, ['refusee', 'effacee']), await de(adminAilleurs, [])]).toEqual([[id], [id], [], []]);
    await expect(de(admin, ['autre'])).rejects.toMatchObject({ kind: 'invalid', fields: { statut: [expect.any(String)] } });
  });

  it('of another établissement is not there, and the try is noted', async () => {
    const id = await demander();
    for (const decision of [() => decider.accepter({ acteur: adminAilleurs, id }), () => decider.refuser({ acteur: adminAilleurs, id, motif: 'non' })]) await expect(decision()).rejects.toMatchObject({ kind: 'not_found' });
    expect(effacements.actes.filter(({ issue }) => issue === 'refus')).toHaveLength(2);
    await expect(decider.accepter({ acteur: admin, id: 99 })).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('is refused with a reason that the person reads, and may then be made again', async () => {
    const id = await demander();
    await expect(decider.refuser({ acteur: admin, id, motif: '  ' })).rejects.toMatchObject({ kind: 'invalid', fields: { motif: [expect.any(String)] } });
    expect(await decider.refuser({ acteur: admin, id, motif: 'Traitement en cours.' })).toMatchObject({ vue: { demande: { statut: 'refusee', motif_refus: 'Traitement en cours.', decide_par: admin.id, decide_le: clock.now() } } });
    expect((await lister.siennes(patiente, page)).vues).toMatchObject([{ demande: { motif_refus: 'Traitement en cours.' } }]);
    for (const decision of [() => decider.accepter({ acteur: admin, id }), () => decider.refuser({ acteur: admin, id, motif: 'non' })]) await expect(decision()).rejects.toMatchObject({ kind: 'conflict', code: 'effacement.deja_decide' });
    expect(fermes).toEqual([]);
    expect(await demander()).not.toBe(id);
  });

  it('is accepted: the fiches are erased under every name the account has, then the account is closed with the admin\'s token', async () => {
    const id = await demander('Je pars.');
    expect(await decider.accepter({ acteur: admin, id })).toMatchObject({ vue: { userName: '', demande: { statut: 'effacee', motif: null, fiches: 2, decide_par: admin.id, efface_le: clock.now() } } });
    expect(effacements.effaces).toEqual([{ userId: patiente.id, noms: ['Grâce', 'Kabila'] }]);
    expect(fermes).toEqual([{ userId: patiente.id, token: admin.token }]);
    expect(effacements.actes.map(({ action }) => action)).toEqual(['effacement.demander', 'effacement.accepter', 'effacement.conclure']);
  });

  it('decided again under the same key is answered as the first time, whatever became of it', async () => {
    const cle = (route: string) => ({ route, cle: 'k', corps: Buffer.from('a'), ecrire: ({ demande }: { demande: { statut: string } }) => Buffer.from(demande.statut) });
    const refusee = await demander();
    const refuser = () => decider.refuser({ acteur: admin, id: refusee, motif: 'Traitement en cours.', idempotence: cle('RejectEffacement') });
    await refuser();
    expect(await refuser()).toEqual({ rejouee: Buffer.from('refusee') });
    await expect(decider.refuser({ acteur: adminAilleurs, id: refusee, motif: 'x', idempotence: cle('RejectEffacement') })).rejects.toMatchObject({ kind: 'not_found' });
    const acceptee = await demander();
    const accepter = () => decider.accepter({ acteur: admin, id: acceptee, idempotence: cle('AcceptEffacement') });
    await accepter();
    expect(await accepter()).toEqual({ rejouee: Buffer.from('effacee') });
    expect(fermes).toHaveLength(1);
  });

  it('accepted again is answered as it is', async () => {
    const id = await demander();
    await decider.accepter({ acteur: admin, id });
    expect(await decider.accepter({ acteur: admin, id })).toMatchObject({ vue: { demande: { statut: 'effacee' } } });
    expect([fermes.length, effacements.effaces.length]).toEqual([1, 1]);
  });

  it('while auth is away is not begun', async () => {
    const id = await demander();
    authAbsent = true;
    await expect(decider.accepter({ acteur: admin, id })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await effacements.find(id)).toMatchObject({ statut: 'en_attente' });
  });

  it('from which auth went away in between stays accepted, and is ended by accepting it again', async () => {
    const id = await demander();
    const vrai = effacements.accepter;
    effacements.accepter = async (...args) => {
      authAbsent = true;
      return vrai(...args);
    };
    await expect(decider.accepter({ acteur: admin, id })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await effacements.find(id)).toMatchObject({ statut: 'acceptee', fiches: 2 });
    await expect(decider.refuser({ acteur: admin, id, motif: 'non' })).rejects.toMatchObject({ code: 'effacement.deja_decide' });
    await expect(demander()).rejects.toMatchObject({ code: 'effacement.deja_demande' });
    authAbsent = false;
    expect(await decider.accepter({ acteur: admin, id })).toMatchObject({ vue: { demande: { statut: 'effacee' } } });
    expect(effacements.effaces).toHaveLength(1);
  });

  it('that was decided meanwhile is a lost race', async () => {
    const id = await demander();
    const vrai = effacements.find;
    effacements.find = async (un) => {
      const lue = await vrai(un);
      effacements.find = vrai;
      await decider.refuser({ acteur: admin, id, motif: 'Traitement en cours.' });
      return lue;
    };
    await expect(decider.accepter({ acteur: admin, id })).rejects.toMatchObject({ kind: 'conflict', code: 'effacement.deja_decide' });
    expect(fermes).toEqual([]);
  });

  test.each<[Partial<CompteAEffacer>, string]>([[{ estSuperuser: true }, 'effacement.superuser'], [{ etablissementId: 2 }, 'effacement.autre_etablissement']])('of an account %j is refused before anything is changed', async (plus, code) => {
    const id = await demander();
    compte = { ...compte!, ...plus };
    await expect(decider.accepter({ acteur: admin, id })).rejects.toMatchObject({ code });
    expect(await effacements.find(id)).toMatchObject({ statut: 'en_attente' });
  });

  it('of an admin is decided by another', async () => {
    const id = await demander();
    await expect(decider.accepter({ acteur: { ...admin, id: patiente.id }, id })).rejects.toMatchObject({ code: 'effacement.soi_meme' });
  });

  it('of somebody whom auth does not know is done all the same', async () => {
    const id = await demander();
    compte = undefined;
    expect(await decider.accepter({ acteur: admin, id })).toMatchObject({ vue: { demande: { statut: 'effacee' } } });
  });
});

describe('an erased fiche', () => {
  const IDENTITE = {
    nom: 'Mwamba', postnom: 'Tshisekedi', prenom: 'Merveille', telephone: '+243970000001', occupation: 'Couturière', avenue: 'Kasavubu 12', quartier: 'Bel-Air', commune: 'Kampemba', contact_nom: 'Albert Ngoy',
    contact_telephone: '0991234567', contact_adresse: 'Likasi', nom_hopital: 'Jason Sendwe', date_naissance: '1990-04-12',
  };
  const phrase = 'Mwamba tousse depuis le 03/11/2026, appeler Ngoy au 0991234567 ou merveille@exemple.cd, née le 12/04/1990, sœur de Kabamba';
  let avant: Fiche;
  beforeEach(async () => {
    const world = createWorld();
    const textes = Object.fromEntries(CHAMPS.filter((champ) => champ.type === 'texte' && !('identite' in champ)).map(({ nom }) => [nom, 'Mwamba']));
    const { fiche } = await world.creer();
    avant = {
      ...fiche, ...textes, ...IDENTITE, motif_consultation: phrase, histoire_maladie: phrase, telephone_e164: '+243970000001', diagnostic: phrase, traitement: phrase, examen_complementaire: phrase, recommandations: phrase, commentaire_rejet: phrase, diagnostic_ia: phrase, diagnostic_ia_publie: phrase, signature_medecin: 'signatures/abc',
      signes_alerte: [{ code: 'a', libelle: 'Toux', niveau: 'rouge', source: 'texte', champs: ['motif_consultation'], valeur: 'Mwamba tousse' }], valeurs_a_verifier: [{ champ: 'pouls', valeur: 'Mwamba 220', motif: 'haut' }],
    };
  });

  it('holds nothing that identifies its person, in no field and no text', () => {
    const apres: Fiche = { ...avant, ...effacerFiche(avant, ['Kabamba']) };
    expect(JSON.stringify(apres)).not.toMatch(/Mwamba|Tshisekedi|Merveille|970000001|Couturi|Kasavubu|Bel-Air|Kampemba|Ngoy|Albert|991234567|Likasi|Sendwe|1990-04-12|12\/04\/1990|exemple\.cd|Kabamba/i);
    expect(apres).toMatchObject({ nom: 'Effacé', postnom: 'Effacé', prenom: 'Effacé', telephone: 'Effacé', nom_hopital: null, date_naissance: '1990-01-01', telephone_e164: null, analyse_en_cours: false });
    expect(apres.recherche).toContain('efface');
  });

  it('keeps what the clinical record is kept for', () => {
    const apres: Fiche = { ...avant, ...effacerFiche(avant, ['Kabamba']) };
    for (const { nom, type } of CHAMPS) if (type !== 'texte' && type !== 'date') expect([nom, (apres as FicheValeurs)[nom]]).toEqual([nom, (avant as FicheValeurs)[nom]]);
    expect(apres.motif_consultation).toBe('[nom] tousse depuis le 03/11/2026, appeler [nom] au [téléphone] ou [courriel], née le [date de naissance], sœur de [nom]');
    expect(apres).toMatchObject({ numero_dossier: avant.numero_dossier, status: avant.status, signature_medecin: 'signatures/abc', user: avant.user, urgence: avant.urgence, created_at: avant.created_at });
  });

  it('is no longer than its columns, and is the same when it is erased again', () => {
    const serree = { ...avant, capacite_physique_score: 'Ngoy 12345' };
    const apres: Fiche = { ...serree, ...effacerFiche(serree, []) };
    expect(apres.capacite_physique_score?.length).toBeLessThanOrEqual(10);
    expect({ ...apres, ...effacerFiche(apres, []) }).toEqual(apres);
  });
});
