import { STATUTS, type Statut } from '@mediai/fiche';
import { createLecteur, lireHeure, lireJour, raisons, sansHtml, tables, type Doublons, type Jugement, type Lecteur, type Ligne, type MessageAnalyse } from '@mediai/import-django';
import type { Regles } from '../fiche/build-fiche.ts';
import { apresTriage, type Fiche } from '../fiche/fiche.ts';
import { FUSEAU_SUITE, jourEtHeure } from '../fiche/jour.ts';
import { NUMERO_DOSSIER } from '../fiche/numero-dossier.ts';
import { texteRecherche } from '../fiche/recherche.ts';
import { telephonesE164 } from '../fiche/telephone.ts';
import type { FichierJuge } from './fichiers-repris.ts';
import { lireFichier, type Jugees } from './juger-dossier.ts';
import { lireValeurs } from './lire-valeurs.ts';

/** The rules run when the fiche is written: what was taken over before is not triaged again. `fichier` is the signature. */
export type FicheReprise = { id: number; fichier: FichierJuge | null; fiche: () => Fiche };

/** What some fiches are judged with. */
export type Lot = {
  fiches: Ligne[];
  /** Whether auth has taken this user over. */
  estUtilisateur: (id: number) => boolean;
  /** The fiches here that bear these dossier numbers. */
  porteurs: ReadonlyMap<string, number>;
  /** What the IAs wrote about these fiches. */
  analyses: readonly MessageAnalyse[];
  /** What is said of their signatures. */
  signatures: Jugees;
};

type Needs = { etablissementId: number; regles: Regles; numeros: Doublons; maintenant: Date };

/** The analysis of a fiche that was waited for there is never made here: a médecin asks for another. */
const echecImport = 'ia.non_analysee_import';
const numeroMax = 50;
const texteMedecinMax = 20_000;
const statuts = Object.keys(STATUTS) as Statut[];

/**
 * Judges fiches of the original, in the order of their ids: of two that bear one dossier number the first keeps it.
 *
 * What a patient could read there is what they can read here, and no more: the synthesis and the analyses that were done
 * when a médecin validated the fiche.
 */
export function createJugerFiches({ etablissementId, regles, numeros, maintenant }: Needs) {
  const aujourdhui = jourEtHeure(maintenant, FUSEAU_SUITE).jour;
  return ({ fiches, estUtilisateur, porteurs, analyses, signatures }: Lot): Jugement<FicheReprise>[] => {
    const parFiche = Map.groupBy(analyses, ({ fiche }) => fiche);
    return fiches.map((ligne) => {
      const lecteur = createLecteur(tables.fiches, ligne);
      const jourEcrit = lireJour(ligne['date_consultation']);
      const created_at = lecteur.instant('created_at') ?? (jourEcrit === null ? maintenant : new Date(`${jourEcrit}T12:00:00+02:00`));
      const jour = jourEcrit ?? jourEtHeure(created_at, FUSEAU_SUITE).jour;
      if (jourEcrit === null) lecteur.reserver('date_consultation', raisons.absurde);
      const status = lecteur.choix('status', statuts);
      if (status === null) lecteur.ecarter('status', raisons.choix);
      const { valeurs, aTrier } = lireValeurs(lecteur, ligne, jour, created_at, aujourdhui, regles);

      return lecteur.jugement<FicheReprise>(() => {
        const numero_dossier = lireNumero(lecteur, porteurs);
        const suite = lireSuite(lecteur, status ?? 'analyse_terminee', parFiche.get(lecteur.id) ?? []);
        const commun = {
          id: lecteur.id,
          numero_dossier,
          recherche: texteRecherche({ ...valeurs, numero_dossier }),
          user: lecteur.reference('user_id', estUtilisateur),
          assigned_medecin: lecteur.reference('assigned_medecin_id', estUtilisateur),
          medecin_validateur: lecteur.reference('medecin_validateur_id', estUtilisateur),
          etablissement_id: etablissementId,
          date_consultation: jour,
          heure_debut: lireHeure(ligne['heure_debut']),
          heure_fin: lireHeure(ligne['heure_fin']),
          commentaire_rejet: lecteur.texte('commentaire_rejet', texteMedecinMax),
          diagnostic: lecteur.texte('diagnostic', texteMedecinMax),
          traitement: lecteur.texte('traitement', texteMedecinMax),
          examen_complementaire: lecteur.texte('examen_complementaire', texteMedecinMax),
          recommandations: lecteur.texte('recommandations', texteMedecinMax),
          created_at,
          updated_at: suite.date_validation ?? created_at,
          signature_medecin: null, // known once its file lies in the store
          version: 1,
          urgence_ia: null,
          ...telephonesE164(valeurs), // a phone that is none is kept as it was typed
          analyse_task_id: null,
          analyse_demandee_le: created_at,
          analyse_version: 1,
          analyse_en_cours: false,
          analyse_differee_le: null,
        };
        return {
          id: lecteur.id,
          fichier: lireFichier(lecteur, 'signature_medecin', signatures),
          fiche: () => {
            const triage = apresTriage(regles.trier(aTrier, created_at), null, maintenant);
            return { ...valeurs, ...triage, ...commun, ...suite, signes_non_acquittes: suite.status === 'valide_medecin' ? graves(triage) : [] };
          },
        };
      });
    });
  };

  /** The number as it is; where that cannot be, one made from the id, which no counter ever gives. */
  function lireNumero(lecteur: Lecteur, porteurs: ReadonlyMap<string, number>): string {
    const numero = lecteur.texte('numero_dossier')?.trim() ?? null;
    const propre = `IMPORT-${lecteur.id}`;
    if (numero === null) lecteur.reserver('numero_dossier', 'numéro de dossier absent, remplacé');
    else if (numero.length > numeroMax) lecteur.reserver('numero_dossier', 'numéro de dossier trop long, remplacé');
    else if ((porteurs.get(numero) ?? lecteur.id) !== lecteur.id || !numeros.claim(numero, lecteur.id)) lecteur.reserver('numero_dossier', "numéro de dossier d'une autre fiche, remplacé");
    else {
      if (!NUMERO_DOSSIER.test(numero)) lecteur.reserver('numero_dossier', 'numéro de dossier mal formé, gardé tel quel');
      return numero;
    }
    return propre;
  }

  /** How far the fiche had come, and what of it its patient may read. */
  function lireSuite(lecteur: Lecteur, avant: Statut, messages: readonly MessageAnalyse[]) {
    const enAnalyse = avant === 'en_analyse';
    const valide = avant === 'valide_medecin';
    if (enAnalyse) lecteur.adapter(`en_analyse devient analyse_terminee avec l'échec ${echecImport}, à relancer par un médecin`);
    const date_validation = lecteur.instant('date_validation');
    const texteIa = lecteur.texte('diagnostic_ia');
    const diagnostic_ia = texteIa === null ? null : sansHtml(texteIa);

    const analyses = [...Map.groupBy(messages, ({ analyse }) => analyse)].map(([id, ecrits]) => ({
      id, aSynthese: ecrits.some(({ role }) => role === 'synthese'), finie: date_validation === null || ecrits.every(({ le }) => le !== null && le <= date_validation),
    }));
    const publiees = valide ? analyses.filter(({ finie }) => finie).map(({ id }) => id) : [];
    const derniere = (analyses.findLast(({ aSynthese }) => aSynthese) ?? analyses.at(-1))?.id ?? null;
    const publie = valide && (derniere === null || publiees.includes(derniere)) ? diagnostic_ia : null;
    if (valide && diagnostic_ia !== null && publie === null) lecteur.adapter('une analyse postérieure à la validation reste cachée au patient');
    const status: Statut = enAnalyse ? 'analyse_terminee' : avant;
    return {
      status,
      date_validation,
      diagnostic_ia,
      diagnostic_ia_publie: publie,
      derniere_analyse: derniere,
      analyses_publiees: publiees,
      analyse_echec_code: enAnalyse ? echecImport : null,
      analyse_echec_le: enAnalyse ? maintenant : null,
    };
  }
}

/** The signs that a médecin has to answer for. */
export const graves = ({ signes_alerte }: Pick<Fiche, 'signes_alerte'>): string[] => signes_alerte.filter(({ niveau }) => niveau === 'rouge' || niveau === 'orange').map(({ code }) => code);
