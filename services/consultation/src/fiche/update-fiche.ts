import { randomUUID } from 'node:crypto';
import { libelleSysteme, refus, type FicheValeurs } from '@mediai/fiche';
import { quiAgit } from '@mediai/kit/acteur';
import { forbidden, invalidNamed } from '@mediai/kit/errors';
import { estPatient, exiger } from '../acces/acces.ts';
import { valeursModifiees, type Regles } from './build-fiche.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import type { ChangeFiche, Decision, Demande, Reponse } from './change-fiche.ts';
import { apresTriage, textesSaisis, transition, type Changement, type Fiche, type TextesMedecin, type Triage } from './fiche.ts';
import { jourEtHeure } from './jour.ts';
import type { Annuaire, Horloge } from './ports.ts';
import { texteRecherche } from './recherche.ts';
import { telephonesE164 } from './telephone.ts';

export interface UpdateFiche extends Demande {
  readonly saisie: Partial<FicheValeurs>;
  /** True for PUT. */
  readonly complet: boolean;
  /** New owner; a patient's is ignored. */
  readonly user?: number | undefined;
  /** Result texts; a patient's are ignored. */
  readonly textes: TextesMedecin;
  /** A deposited image of the médecin's signature, which only who cares for the fiche may give; null takes it away, a patient's is ignored. */
  readonly signature?: FichierDepose | null | undefined;
}

/** A patient's edits within this time of each other are analysed once, after the last of them. */
export const ATTENTE_EDITIONS_MS = 5_000;

type Needs = { changeFiche: ChangeFiche; annuaire: Pick<Annuaire, 'trouverUtilisateur' | 'etablissement'>; regles: Regles; clock: Horloge };

/**
 * Edits a fiche. A patient may do so in `en_analyse` and `rejete_medecin`, which asks for a new analysis; a médecin may
 * also set the owner and the result texts. Triage runs again: urgency rises at once and never falls.
 * @throws AppError invalid by field or `fiche.etat_invalide`, stale, forbidden, not_found
 */
export function createUpdateFiche({ changeFiche, annuaire, regles, clock }: Needs) {
  return async (demande: UpdateFiche): Promise<Reponse> => {
    const { acteur, saisie, complet } = demande;
    const action = demande.signature ? 'signer' : 'modifier';
    exiger(acteur, action);
    const maintenant = clock();
    const { fuseau } = await annuaire.etablissement(acteur.etablissementId);
    const { jour } = jourEtHeure(maintenant, fuseau);
    const user = quiAgit(acteur) === 'patient' ? undefined : demande.user;

    const relire = (fiche: Fiche): Changement => {
      const { valeurs, aTrier } = valeursModifiees(fiche, saisie, complet, jour, maintenant, regles);
      const recherche = texteRecherche({ ...valeurs, numero_dossier: fiche.numero_dossier });
      return { ...seulementValeurs(valeurs, saisie), ...telephonesE164(valeurs), recherche, ...apresTriage(gardeTension(regles.trier(aTrier, maintenant), fiche, saisie), fiche, maintenant) };
    };
    const touchee = complet || Object.keys(saisie).length > 0;

    const parLePatient = (fiche: Fiche): Decision | null => {
      if (demande.signature) throw forbidden();
      const status = transition(fiche.status, 'modifier_patient');
      if (!touchee) return null;
      return { changement: { ...relire(fiche), status, ...nouvelleAnalyse(fiche, maintenant) }, evenements: [{ type: 'FicheUpdated', taskId: null }] };
    };
    const parUnSoignant = (fiche: Fiche): Decision | null => {
      const textes = textesSaisis(demande.textes);
      const { signature } = demande;
      const signe = signature === undefined || (signature === null && fiche.signature_medecin === null) ? undefined : { signature_medecin: signature?.id ?? null };
      if (!touchee && user === undefined && Object.keys(textes).length === 0 && !signe) return null;
      const changement = { ...(touchee ? relire(fiche) : {}), ...textes, ...(user === undefined ? {} : { user }), ...signe };
      const fichiers = signe && { garder: signature ?? undefined, relacher: fiche.signature_medecin ?? undefined };
      return { changement, fichiers, evenements: [touchee ? { type: 'FicheUpdated', taskId: null } : { type: 'FicheEdited' }] };
    };

    await verifierProprietaire(annuaire, demande, user);
    return changeFiche({ action, course: 'rejouer' }, demande, (fiche) => (estPatient(acteur, fiche) ? parLePatient(fiche) : parUnSoignant(fiche)));
  };
}

/** A doubt about a tension that was typed in cmHg stays until the tension is typed again: what is stored is in mmHg. */
function gardeTension(triage: Triage, fiche: Fiche, saisie: Partial<FicheValeurs>): Triage {
  const doute = fiche.valeurs_a_verifier.filter(({ champ }) => champ === 'tension_arterielle');
  if (saisie.tension_arterielle !== undefined || triage.valeurs_a_verifier.some(({ champ }) => champ === 'tension_arterielle')) return triage;
  return { ...triage, valeurs_a_verifier: [...triage.valeurs_a_verifier, ...doute] };
}

/** The columns that an edit may have changed: what was sent, what the rules normalised of it, and the age. */
function seulementValeurs(valeurs: FicheValeurs, saisie: Partial<FicheValeurs>): Changement {
  const noms = new Set([...Object.keys(saisie), 'age', 'date_naissance']);
  return Object.fromEntries(Object.entries(valeurs).filter(([nom]) => noms.has(nom))) as Changement;
}

/**
 * A new analysis, asked for once the patient has stopped editing: each edit names a new task, only the last one's is
 * ever asked for. What an earlier one said is no longer of this fiche:
 * it is neither shown nor published by default.
 */
function nouvelleAnalyse(fiche: Fiche, maintenant: Date): Changement {
  return {
    analyse_task_id: randomUUID(),
    analyse_differee_le: new Date(maintenant.getTime() + ATTENTE_EDITIONS_MS),
    analyse_demandee_le: maintenant,
    analyse_version: fiche.version + 1,
    analyse_en_cours: true,
    analyse_echec_code: null,
    analyse_echec_le: null,
    diagnostic_ia: null,
    derniere_analyse: null,
  };
}

async function verifierProprietaire(annuaire: Pick<Annuaire, 'trouverUtilisateur'>, { acteur }: Demande, user: number | undefined): Promise<void> {
  if (user === undefined) return;
  const proprietaire = await annuaire.trouverUtilisateur(user);
  if (proprietaire?.estActif && proprietaire.etablissementId === acteur.etablissementId) return;
  throw invalidNamed({ user: [refus.inconnu({ libelle: libelleSysteme('user') })] }, 'fiche.invalide');
}
