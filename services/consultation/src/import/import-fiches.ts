import { analysesOf, createDoublons, formes, passeOf, tables, type Contexte, type Reprise, type ServiceImport, type Source } from '@mediai/import-django';
import type { Regles } from '../fiche/build-fiche.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { REGLES_SIGNATURE } from '../fichier/fichier.ts';
import { eleverFiche, lireAutour } from './elever-fiches.ts';
import type { FichiersRepris } from './fichiers-repris.ts';
import { dossierFormes, dossierSequences, jugerFichiers, passesDossier } from './import-dossier.ts';
import type { Compteur, FicheImportStore } from './import-store.ts';
import { createJugerFiches, type FicheReprise } from './juger-fiches.ts';

const fichesParTransaction = 100;
const numerosParLecture = 5_000;
/** A number above it was not counted but typed: the day's counter is left alone. */
const compteMax = 1_000_000;
const referencesUser = ['user_id', 'assigned_medecin_id', 'medecin_validateur_id'];

/** The tables that this import reads: users to know who is there, messages of conversations to know what was published. */
export const fichesFormes = [formes.fiches, formes.users, formes.conversations, formes.messages, ...dossierFormes];

type Needs = {
  store: FicheImportStore;
  regles: Regles;
  /** Where files come from and go. */
  fichiers: FichiersRepris;
  etablissementId: number;
};

/** Consultation's part of an import: fiches and what lies beside them, into one établissement. */
export function createImportFiches({ store, regles, fichiers, etablissementId }: Needs): ServiceImport {
  return {
    sequences: [{ sequence: 'fiche_consultation_id_seq', table: tables.fiches }, ...dossierSequences],
    advance: store.advance,
    audit: store.audit(etablissementId),
    close: store.close,
    passes: async (contexte) => [passeOf(await reprise(store, regles, fichiers, contexte)), ...(await passesDossier({ store: store.dossier, fichiers }, contexte))],
  };
}

async function reprise(store: FicheImportStore, regles: Regles, fichiers: FichiersRepris, { source, options: { etablissementId }, estRejete }: Contexte): Promise<Reprise<FicheReprise>> {
  const juger = createJugerFiches({ etablissementId, regles, numeros: await lireNumeros(source), maintenant: new Date() });
  return {
    forme: formes.fiches,
    taille: fichesParTransaction,
    cible: {
      etat: store.etat,
      async ecrire(nouvelles) {
        const autour = await lireAutour(source, nouvelles.map(({ id }) => id));
        const fiches = nouvelles.map(({ id, fiche }) => eleverFiche(fiche(), autour.get(id) ?? [], regles.trier));
        await fichiers.deposer(nouvelles, etablissementId, (signatures) => store.ecrire(fiches, compteursDe(fiches), signatures, etablissementId));
      },
    },
    async juger(fiches, etat) {
      const presents = await source.present(tables.users, fiches.flatMap((ligne) => referencesUser.map((colonne) => ligne[colonne])));
      return juger({
        fiches,
        estUtilisateur: (id) => presents.has(id) && !estRejete(tables.users, id),
        porteurs: await store.porteurs(fiches.map(({ numero_dossier }) => String(numero_dossier).trim())),
        analyses: await analysesOf(source, fiches.map(({ id }) => Number(id))),
        signatures: await jugerFichiers(fichiers, fiches, { colonne: 'signature_medecin', regles: REGLES_SIGNATURE, etat, sansFichier: await store.sansSignature(etat.reprises) }),
      });
    },
  };
}

/** The numbers of `CONS-YYYYMMDD-NNN`, as the counters of their days: none of them is given again. */
export function compteursDe(fiches: readonly Pick<Fiche, 'numero_dossier'>[]): Compteur[] {
  const derniers = new Map<string, number>();
  for (const { numero_dossier } of fiches) {
    const [, annee, mois, jour, numero] = /^CONS-(\d{4})(\d\d)(\d\d)-(\d{3,7})$/.exec(numero_dossier) ?? [];
    const texte = `${annee}-${mois}-${jour}`;
    const existe = annee !== undefined && !Number.isNaN(Date.parse(texte)) && new Date(texte).toISOString().startsWith(texte);
    if (existe && Number(numero) <= compteMax) derniers.set(texte, Math.max(derniers.get(texte) ?? 0, Number(numero)));
  }
  // In one order, so that two runs at once never wait for each other.
  return [...derniers].map(([jour, dernier]) => ({ jour, dernier })).sort((a, b) => a.jour.localeCompare(b.jour));
}

/** Shows every dossier number once, so that those that occur twice are known beforehand. */
async function lireNumeros(source: Source) {
  const numeros = createDoublons();
  for await (const lignes of source.batches(tables.fiches, ['id', 'numero_dossier'], numerosParLecture)) {
    for (const { numero_dossier } of lignes) if (typeof numero_dossier === 'string') numeros.remember(numero_dossier.trim());
  }
  return numeros;
}
