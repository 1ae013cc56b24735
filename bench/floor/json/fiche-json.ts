import { CHAMPS, STATUTS, URGENCES } from '@mediai/fiche';
import type { VueFiche } from '../../../services/consultation/src/fiche/vue.ts';
import type { Reservee } from '../acts/read-fiches.ts';
import { instant, plain, text } from './write-json.ts';

/** Names of a patient's fields, each with what stands before its value. */
const CLIENT = CHAMPS.map(({ nom }, rang) => ({ nom, avant: `${rang === 0 ? '' : ','}"${nom}":` }));

/** A fiche as one reader may see it: the same bytes as the gateway's. */
export function ficheJson({ vue, fiche, orientation, signature }: VueFiche): string {
  let json = '{';
  for (const { nom, avant } of CLIENT) {
    const valeur = fiche[nom];
    json += avant + (typeof valeur === 'string' ? text(valeur) : plain(valeur));
  }
  json += `,"id":${fiche.id},"numero_dossier":${text(fiche.numero_dossier)},"user":${plain(fiche.user)},"date_consultation":"${fiche.date_consultation}","heure_debut":${text(fiche.heure_debut)},"heure_fin":${text(fiche.heure_fin)}`;
  json += `,"status":"${fiche.status}","status_display":${text(STATUTS[fiche.status] ?? fiche.status)},"commentaire_rejet":${text(fiche.commentaire_rejet)}`;
  json += `,"diagnostic":${text(fiche.diagnostic)},"traitement":${text(fiche.traitement)},"examen_complementaire":${text(fiche.examen_complementaire)},"recommandations":${text(fiche.recommandations)}`;
  json += `,"medecin_validateur":${plain(fiche.medecin_validateur)},"assigned_medecin":${plain(fiche.assigned_medecin)},"date_validation":${instant(fiche.date_validation)},"created_at":${instant(fiche.created_at)},"updated_at":${instant(fiche.updated_at)}`;
  json += `,"diagnostic_ia":${text(fiche.diagnostic_ia)},"signature_medecin":${text(signature)},"version":${fiche.version},"urgence":"${fiche.urgence}","urgence_display":${text(URGENCES[fiche.urgence] ?? fiche.urgence)},"orientation":${text(orientation)}`;
  json += `,"signes_vitaux_manquants":${JSON.stringify(fiche.signes_vitaux_manquants)},"valeurs_a_verifier":${JSON.stringify(fiche.valeurs_a_verifier.map(({ champ, valeur, motif }) => ({ champ, valeur, motif })))}`;
  return `${json}${vue === 'medecin' ? medecinOnly(fiche) : ''}}`;
}

function medecinOnly(fiche: VueFiche['fiche']): string {
  const { news2 } = fiche;
  const signes = fiche.signes_alerte.map(({ code, libelle, niveau, source, champs, valeur }) => ({ code, libelle, niveau, source, champs, valeur, acquittement: null }));
  const echec = fiche.analyse_echec_code === null ? 'null' : `{"code":${text(fiche.analyse_echec_code)},"le":${instant(fiche.analyse_echec_le)}}`;
  const score = news2 ? JSON.stringify({ score: news2.score, au_moins: news2.au_moins, manquants: news2.manquants }) : 'null';
  return `,"urgence_regles":${text(fiche.urgence_regles)},"urgence_ia":${text(fiche.urgence_ia)},"signes_alerte":${JSON.stringify(signes)},"news2":${score},"triage_version":${text(fiche.triage_version)},"triage_calcule_le":${instant(fiche.triage_calcule_le)},"analyse_echec":${echec},"signes_non_acquittes":${JSON.stringify(fiche.signes_non_acquittes)}`;
}

/** A colleague's fiche, found by its exact number. */
export const reserveeJson = ({ id, numero_dossier }: Reservee): string => `{"id":${id},"numero_dossier":${text(numero_dossier)},"acces":"motif_requis"}`;
