import { withClient } from '@mediai/db/admin';
import { ficheComplete } from '@mediai/testing';
import type { Bench } from '../measurement.ts';
import type { Row, Stock } from './row.ts';

const base = '/api/v1/fiche-consultation/';
const shared = { group: 'fiches', as: 'medecin' } as const;
const turn = (ids: readonly number[], n: number): number => ids[n % ids.length] ?? 0;

/** Texts that a médecin would write. */
const textes = {
  diagnostic: 'Paludisme simple à Plasmodium falciparum, TDR positif. Pneumonie débutante à écarter.',
  traitement: 'Artéméther-luméfantrine 80/480 mg, 1 comprimé matin et soir pendant 3 jours. Paracétamol 1 g si fièvre, 3 g par jour au plus.',
  examen_complementaire: 'Goutte épaisse de contrôle à J3, NFS.',
  recommandations: 'Boire abondamment, dormir sous moustiquaire imprégnée, revenir sans attendre si vomissements, confusion ou gêne respiratoire.',
};

/** As the analysis left them. */
async function unvalidate(bench: Bench, { validables }: Stock): Promise<void> {
  await withClient(bench.databaseUrl('consultation'), (client) =>
    client.query(`UPDATE fiche_consultation SET status = 'analyse_terminee', medecin_validateur = NULL, date_validation = NULL, heure_fin = NULL, analyses_publiees = '{}', diagnostic_ia_publie = NULL, signes_non_acquittes = '{}', diagnostic = NULL, traitement = NULL, examen_complementaire = NULL, recommandations = NULL WHERE id = ANY($1) AND status <> 'analyse_terminee'`, [validables]));
}

const complete = ficheComplete();

export const ficheRows: readonly Row[] = [
  { ...shared, name: 'fiche-create', title: 'fiche create (full, ia stopped)', as: 'patient', method: 'POST', path: () => base, body: () => complete, withoutIa: true },
  { ...shared, name: 'fiche-get', title: 'fiche get', method: 'GET', path: ({ fiches }, n) => `${base}${turn(fiches, n)}/` },
  { ...shared, name: 'fiche-list', title: 'list of 20 (full fiches)', method: 'GET', path: () => `${base}?page_size=20` },
  { ...shared, name: 'fiche-list-page-50', title: 'list, page 50', method: 'GET', path: () => `${base}?page=50&page_size=20` },
  { ...shared, name: 'fiche-search', title: 'list with search', method: 'GET', path: () => `${base}?search=zizawa&page_size=20` },
  { ...shared, name: 'fiche-edit-diagnostic', title: 'edit-diagnostic', method: 'PATCH', path: ({ fiches }, n) => `${base}${turn(fiches, n)}/edit-diagnostic/`, body: (_, n) => ({ diagnostic: `${textes.diagnostic} Relu ${n} fois.` }), withoutIa: true },
  { ...shared, name: 'fiche-validate', title: 'validate', method: 'POST', path: ({ validables }, n) => `${base}${turn(validables, n)}/validate/`, body: () => textes, withoutIa: true, restore: unvalidate, most: ({ validables }) => validables.length },
];
