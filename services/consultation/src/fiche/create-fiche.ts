import { randomUUID } from 'node:crypto';
import { libelleSysteme, refus, type FicheValeurs } from '@mediai/fiche';
import { quiAgit, type Acteur } from '@mediai/kit/acteur';
import { invalidNamed, isAway } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import type { Journal } from '../acces/journal.ts';
import { nouvelleFiche, valeursNouvelles, type Regles } from './build-fiche.ts';
import type { CleIdempotence, Reponse } from './change-fiche.ts';
import { jourEtHeure } from './jour.ts';
import type { NumerosDossier } from './numero-dossier.ts';
import type { Vues } from './open-fiche.ts';
import type { Annuaire, FicheStore, Horloge } from './ports.ts';

const ASSIGNE = { libelle: libelleSysteme('assigned_medecin') };

export interface CreateFiche {
  readonly acteur: Acteur;
  readonly saisie: Partial<FicheValeurs>;
  readonly assignedMedecin?: number | undefined;
  readonly idempotence?: CleIdempotence | undefined;
}

type Needs = { fiches: Pick<FicheStore, 'create'>; journal: Pick<Journal, 'rejouer'>; annuaire: Annuaire; regles: Regles; numeros: NumerosDossier; vues: Vues; clock: Horloge };

/**
 * Creates a fiche in `en_analyse`: triage, fiche, `FicheCreated`, audit row and idempotency key are one transaction.
 * A patient who creates a fiche owns it; a médecin's has no owner yet.
 * @throws AppError invalid with every faulty field; forbidden by role
 */
export function createCreateFiche({ fiches, journal, annuaire, regles, numeros, vues, clock }: Needs) {
  return async ({ acteur, saisie, assignedMedecin, idempotence }: CreateFiche): Promise<Reponse> => {
    exiger(acteur, 'creer');
    const premiere = idempotence && (await journal.rejouer({ ...idempotence, acteurId: acteur.id }));
    if (premiere) return { rejouee: premiere };
    const maintenant = clock();
    const { etablissementId } = acteur;
    const { fuseau } = await annuaire.etablissement(etablissementId);
    const { jour, heure } = jourEtHeure(maintenant, fuseau);
    const valeurs = valeursNouvelles(saisie, jour, maintenant, regles);
    const assignation = await verifierMedecin(annuaire, acteur, assignedMedecin);
    const vuDe = await vues.pour(acteur, etablissementId);
    const taskId = randomUUID();
    const numero = await numeros(maintenant);
    const user = quiAgit(acteur) === 'patient' ? acteur.id : null;
    const nouvelle = nouvelleFiche(valeurs, { numero, user, assignedMedecin: assignation.medecin, etablissementId, taskId, maintenant, jour, heure }, regles.trier);
    const creation = await fiches.create(nouvelle, {
      acte: { acteur, action: 'fiche.creer', raison: assignation.raison },
      evenements: [{ type: 'FicheCreated', taskId }],
      idempotence: idempotence && { ...idempotence, acteurId: acteur.id, ecrire: (fiche) => idempotence.ecrire(vuDe(fiche)) },
    });
    return 'rejouee' in creation ? creation : { vue: vuDe(creation.creee) };
  };
}

/**
 * The médecin whom the creator chose. While auth is away an unknown one cannot be verified: the fiche is then left
 * unassigned, which every médecin of the établissement sees, rather than refused or hidden behind a stranger.
 */
async function verifierMedecin(annuaire: Annuaire, acteur: Acteur, id: number | undefined): Promise<{ medecin: number | null; raison?: string }> {
  if (id === undefined) return { medecin: null };
  try {
    const medecin = await annuaire.trouverUtilisateur(id);
    const convient = medecin?.role === 'medecin' && medecin.estActif && medecin.approuve && medecin.etablissementId === acteur.etablissementId;
    if (!convient) throw invalidNamed({ assigned_medecin: [refus.inconnu(ASSIGNE)] }, 'fiche.invalide');
    if (!medecin.disponible && id !== acteur.id) throw invalidNamed({ assigned_medecin: [refus.autre(ASSIGNE, "ce médecin n'est pas disponible.")] }, 'fiche.invalide');
    return { medecin: id };
  } catch (error) {
    if (isAway(error)) return { medecin: null, raison: 'assignation.non_verifiee' };
    throw error;
  }
}
