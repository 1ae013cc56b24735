import type { Acteur } from '@mediai/kit/acteur';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { ficheComplete, fixedClock, type FixedClock } from '@mediai/testing';
import { createUseCases, type Parts } from '../deps.ts';
import type { Envoi, Livraison } from '../envoi/send-notification.ts';
import { createMemoryDestinations } from '../entrant/destination-store.memory.ts';
import { createMemoryJournal } from '../acces/journal.memory.ts';
import { createMemoryAttachments } from '../attachment/attachment-store.memory.ts';
import type { SaisieLabResult } from '../lab/lab-result.ts';
import type { SaisieReference } from '../reference/reference.ts';
import type { DocumentImprime } from '../document/document.ts';
import { createMemoryVerifications } from '../document/verification/verification-store.memory.ts';
import { sansScanner } from '../fichier/clamd-client.ts';
import { createDepotMemory } from '../fichier/depot.memory.ts';
import { cleDe } from '../fichier/fichier.ts';
import { createMemoryFichiers } from '../fichier/fichier-store.memory.ts';
import { createMemoryFiches } from './fiche-store.memory.ts';
import type { Changement } from './fiche.ts';
import type { Annuaire, Consentement, Utilisateur } from './ports.ts';
import { createMemoryLabResults } from '../lab/lab-store.memory.ts';
import { createMemoryMessages } from '../message/message-store.memory.ts';
import { createMemoryReferences } from '../reference/reference-store.memory.ts';
import type { Analyse } from './validate-fiche.ts';

const acteur = (id: number, role: Acteur['role'], plus: Partial<Acteur> = {}): Acteur => ({ id, role, estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: `token-${id}`, ...plus });

/** Who acts in tests. */
export const patiente = acteur(1, 'patient');
export const autrePatient = acteur(11, 'patient');
export const medecin = acteur(2, 'medecin');
export const confrere = acteur(3, 'medecin');
export const enAttente = acteur(4, 'medecin', { approuve: false });
export const admin = acteur(5, 'medecin', { estAdmin: true });
export const ailleurs = acteur(6, 'medecin', { etablissementId: 2 });
export const adminAilleurs = acteur(7, 'medecin', { estAdmin: true, etablissementId: 2 });
export const service = (nom: string): Acteur => acteur(0, 'service', { service: nom, etablissementId: 0 });

const utilisateur = (id: number, role: string, plus: Partial<Utilisateur> = {}): Utilisateur => ({ id, role, estActif: true, approuve: true, disponible: true, etablissementId: 1, ...plus });

/** The words of a complete fiche, as typed on the day of the clock; without an age where only a birth date is given. */
export function saisie(changes: Record<string, unknown> = {}): Partial<FicheValeurs> {
  const naissance = 'date_naissance' in changes ? { age: null } : { date_naissance: '1992-09-20', age: 34 };
  return lireFiche(ficheComplete({ ...naissance, ...changes }), { complet: true, defauts: true }).valeurs;
}

/** The use cases over memory, with what the other services were asked and answered. */
export function createWorld(plus: Partial<Parts> = {}) {
  const clock: FixedClock = fixedClock('2026-11-24T08:15:30+02:00');
  const journal = createMemoryJournal({ clock: clock.now });
  const fichiers = createMemoryFichiers({ clock: clock.now });
  const fiches = createMemoryFiches({ clock: clock.now, journal, fichiers });
  const pieces = { fiches, journal, clock: clock.now };
  const messages = createMemoryMessages(pieces);
  const references = createMemoryReferences(pieces);
  const results = createMemoryLabResults({ ...pieces, fichiers });
  const attachments = createMemoryAttachments({ ...pieces, fichiers });
  const consentements = new Map<number, Consentement>();
  const analyses = new Map<number, Analyse>();
  const envois: Envoi[] = [];
  const livraison: Livraison = { messageSid: 'SM1', etat: 'envoye', dejaEnvoye: false };
  const users = new Map([utilisateur(1, 'patient'), utilisateur(2, 'medecin'), utilisateur(3, 'medecin'), utilisateur(4, 'medecin', { approuve: false }), utilisateur(6, 'medecin', { etablissementId: 2 }), utilisateur(8, 'medecin', { disponible: false }), utilisateur(11, 'patient')].map((user) => [user.id, user]));
  const reglages = { consentementIa: 'presume' };
  const annuaire: Annuaire = {
    trouverUtilisateur: async (id) => users.get(id),
    etablissement: async (id) => ({ id, nom: 'Centre Kampemba', telephoneUrgence: '+243810000112', fuseau: 'Africa/Lubumbashi', consentementIa: 'presume' }),
    consentementIa: async () => reglages.consentementIa,
    consentement: async (userId) => consentements.get(userId) ?? 'absent',
    nommer: async (ids) => new Map(ids.filter((id) => users.has(id)).map((id) => [id, { username: `user${id}`, nom: `Prénom${id} Nom${id}` }])),
  };
  const lireAnalyse = async (id: number): Promise<Analyse> => {
    const analyse = analyses.get(id);
    if (!analyse) throw new Error('no such analysis in this test');
    return analyse;
  };
  const envoyer = async (envoi: Envoi): Promise<Livraison> => {
    envois.push(envoi);
    return livraison;
  };
  const depot = createDepotMemory();
  const destinations = createMemoryDestinations({ fiches });
  const imprimes: DocumentImprime[] = [];
  const documents: Parts['documents'] = {
    verifications: createMemoryVerifications(journal),
    dessiner: async (document) => {
      imprimes.push(document);
      return new TextEncoder().encode(document.verification);
    },
  };
  const parts: Parts = { fiches, destinations, historique: fiches.historique, messages, references, results, journal, annuaire, lireAnalyse, envoyer, attachments, fichiers, depot, scanner: sansScanner, documents, publicUrl: 'https://mediai.example', secret: 'a secret of tests only', clock: clock.now, ...plus };
  const { useCases, takeAnalyse, sweepAnalyses } = createUseCases(parts);

  async function creer(changes: Record<string, unknown> = {}, options: { acteur?: Acteur; assignedMedecin?: number } = {}) {
    const reponse = await useCases.createFiche({ acteur: options.acteur ?? patiente, saisie: saisie(changes), assignedMedecin: options.assignedMedecin });
    if (!('vue' in reponse)) throw new Error('replayed');
    return reponse.vue;
  }

  /** Ends the analysis that was asked for last, as ia would. */
  async function analyser(ficheId: number, plusAnalyse: Partial<Analyse> = {}, eventId = crypto.randomUUID()) {
    const fiche = await parts.fiches.find(ficheId);
    if (!fiche) throw new Error('no such fiche');
    const id = plusAnalyse.id ?? analyses.size + 100;
    analyses.set(id, { id, ficheId, etat: 'terminee', synthese: 'SIMULATION. Synthèse.', urgenceIa: 'jaune', ...plusAnalyse });
    await takeAnalyse({ eventId, analyseId: id, ficheId, ficheVersion: fiche.version, taskId: fiche.analyse_task_id ?? '', echec: null });
    return id;
  }

  /** Writes what no rule has judged, as the import of older fiches does. */
  async function reprendre(id: number, changement: Changement) {
    await parts.fiches.update(await relire(id), changement, { acte: { acteur: null, action: 'fiche.reprendre' }, evenements: [] });
  }

  /** Adds references and lab results to a fiche, as its médecin would. */
  async function joindre(id: number, { references = [], resultats = [] }: { references?: SaisieReference[]; resultats?: SaisieLabResult[] }) {
    for (const saisie of references) await useCases.createReference({ acteur: medecin, id, saisie });
    for (const saisie of resultats) await useCases.createLabResult({ acteur: medecin, id, saisie });
  }

  /** Gives a fiche the signature whose image is given. */
  async function signer(ficheId: number, image: Uint8Array) {
    const id = crypto.randomUUID();
    await fichiers.commencer(id, 1);
    await depot.ecrire(cleDe(id), (async function* () {
      yield image;
    })());
    fichiers.garder({ id, cle: cleDe(id), nom: 'signature.png', typeMime: 'image/png', extension: 'png', taille: image.length, sha256: new Uint8Array(32) });
    await reprendre(ficheId, { signature_medecin: id });
  }

  const relire = async (id: number) => (await parts.fiches.find(id))!;
  return { ...useCases, takeAnalyse, sweepAnalyses, creer, analyser, reprendre, relire, clock, fiches, destinations, messages, references, results, journal, annuaire, reglages, consentements, analyses, envois, users, attachments, fichiers, depot, documents, imprimes, joindre, signer };
}
