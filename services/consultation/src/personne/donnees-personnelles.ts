import { CHAMPS } from '@mediai/fiche';
import type { Acteur } from '@mediai/kit/acteur';
import type { Journal } from '../acces/journal.ts';
import type { Fiche } from '../fiche/fiche.ts';
import type { Annuaire, Horloge, Nom } from '../fiche/ports.ts';
import type { Vues } from '../fiche/open-fiche.ts';
import type { VueFiche } from '../fiche/vue.ts';
import type { EffacementStore } from './ports.ts';

/** What lies beside a fiche, as its patient may read it; under the names of the contract. */
export interface AutourFiche {
  readonly messages: readonly { readonly id: number; readonly author: number; readonly content: string; readonly created_at: Date }[];
  readonly references: readonly Record<string, unknown>[];
  readonly resultats: readonly Record<string, unknown>[];
  /** Names and lengths of files; the files themselves are downloaded one by one. */
  readonly pieces: readonly Record<string, unknown>[];
}

/** The person's own fiches that are not deleted, and what lies beside them. */
export interface PersonneStore {
  /** By id, behind one. */
  fiches(userId: number, apres: number, limite: number): Promise<Fiche[]>;
  /** Of each of these fiches. */
  autour(ficheIds: readonly number[]): Promise<Map<number, AutourFiche>>;
}

type Needs = {
  personnes: PersonneStore;
  journal: Pick<Journal, 'list'>;
  annuaire: Pick<Annuaire, 'nommer' | 'consentement'>;
  vues: Vues;
  effacements: Pick<EffacementStore, 'list'>;
  /** The account as auth has it, as it is exported; undefined where auth knows none. @throws AppError unavailable while auth is away */
  lireCompte: (userId: number) => Promise<Record<string, unknown> | undefined>;
  clock: Horloge;
};

const FICHES = 20;
const ACCES = 100;
/** What the system and médecins wrote of a fiche that its patient reads. */
const SYSTEME = [
  'id', 'numero_dossier', 'date_consultation', 'heure_debut', 'heure_fin', 'status', 'commentaire_rejet', 'diagnostic', 'traitement', 'examen_complementaire', 'recommandations', 'diagnostic_ia',
  'medecin_validateur', 'assigned_medecin', 'date_validation', 'created_at', 'updated_at', 'urgence', 'signes_vitaux_manquants', 'valeurs_a_verifier', 'version', 'etablissement_id',
] as const satisfies readonly (keyof Fiche)[];

/** What is kept of a person in other services, and where they read it. */
const AILLEURS = [
  { quoi: 'Conversations et messages, avec les analyses publiées par un médecin', route: '/api/v1/conversations/' },
  { quoi: 'Fichiers joints aux fiches', route: '/api/v1/attachments/{id}/download/' },
  { quoi: 'Rendez-vous', route: '/api/v1/appointments/' },
  { quoi: 'Consentements, avec leurs dates et versions', route: '/api/v1/consentements/' },
  { quoi: 'Compte et profil', route: '/api/v1/auth/users/me/' },
] as const;

const enJson = (valeur: unknown): string => JSON.stringify(valeur, null, 1);

function ficheJson({ fiche, orientation }: VueFiche): Record<string, unknown> {
  const valeurs = fiche as unknown as Record<string, unknown>;
  return Object.fromEntries([...SYSTEME.map((nom) => [nom, valeurs[nom]]), ['orientation', orientation], ...CHAMPS.map(({ nom }) => [nom, valeurs[nom] ?? null])]);
}

/**
 * All that is kept here of a person, as JSON, a fiche at a time: their account, consent, fiches as a patient reads them
 * with what lies beside, who opened them, their requests to erase; and where the rest is.
 */
export function createDonneesPersonnelles(needs: Needs) {
  const { personnes, journal, annuaire, vues, effacements, clock } = needs;

  async function accesDe(fiche: Fiche): Promise<Record<string, unknown>[]> {
    const actes = [];
    for (let page = 1; ; page++) {
      const lus = await journal.list({ ficheId: fiche.id, saufActeur: fiche.user, page, pageSize: ACCES });
      actes.push(...lus.actes);
      if (lus.actes.length < ACCES || page * ACCES >= lus.count) break;
    }
    const noms = await annuaire.nommer([...new Set(actes.flatMap(({ acteurId }) => acteurId ?? []))]);
    return actes.map(({ le, acteurId, acteurRole, action, raison }) => ({ le, qui: nomDe(acteurId, noms), role: acteurRole, action, raison }));
  }

  async function* fichesDe(userId: number, signal: AbortSignal): AsyncGenerator<Record<string, unknown>> {
    // As a patient reads them, whatever else this person is.
    const lecteur: Acteur = { id: userId, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 0, token: '' };
    let apres = 0;
    for (;;) {
      const fiches = await personnes.fiches(userId, apres, FICHES);
      const autour = await personnes.autour(fiches.map(({ id }) => id));
      for (const fiche of fiches) {
        signal.throwIfAborted();
        const { messages = [], references = [], resultats = [], pieces = [] } = autour.get(fiche.id) ?? {};
        const noms = await annuaire.nommer([...new Set(messages.map(({ author }) => author))]);
        yield {
          ...ficheJson(await vues.une(lecteur, fiche)),
          messages: messages.map(({ author, ...message }) => ({ ...message, author, author_name: nomDe(author, noms) })),
          references,
          resultats_laboratoire: resultats,
          pieces_jointes: pieces,
          acces: await accesDe(fiche),
        };
      }
      apres = fiches.at(-1)?.id ?? apres;
      if (fiches.length < FICHES) return;
    }
  }

  return async function* (userId: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { effacements: demandes } = await effacements.list({ userId, page: 1, pageSize: 100 });
    const tete = {
      genere_le: clock(),
      compte: (await needs.lireCompte(userId)) ?? null,
      consentement_analyse_ia: await annuaire.consentement(userId),
      demandes_effacement: demandes.map(({ id, motif, statut, demande_le, decide_le, motif_refus }) => ({ id, motif, statut, demande_le, decide_le, motif_refus })),
      ailleurs: AILLEURS,
    };
    yield Buffer.from(`${enJson(tete).slice(0, -2)},\n "fiches": [`);
    let entre = '\n';
    for await (const fiche of fichesDe(userId, signal)) {
      yield Buffer.from(entre + enJson(fiche));
      entre = ',\n';
    }
    yield Buffer.from('\n ]\n}\n');
  };
}

const nomDe = (id: number | null, noms: ReadonlyMap<number, Nom>): string | null => {
  const nom = id === null ? undefined : noms.get(id);
  return nom?.nom || nom?.username || null;
};
