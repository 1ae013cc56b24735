import { row, type Cell } from './row.ts';

const FICHES = '/api/v1/fiche-consultation/';
const page = { page: 1, pageSize: 100 };
const medecin = ({ world }: Cell) => world.acteurs.medecinAssigne.id;

/** What lies beside a fiche, and what is done about a whole dossier. */
export const DOSSIER = [
  //                                                                                anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row(`POST ${FICHES}{id}/assign-medecin/`, 'DossierService.AssignMedecin', '        401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', corps: (cell) => ({ medecin_id: medecin(cell) }), message: (cell) => ({ id: cell.objet.id, medecinId: medecin(cell) }) }),
  row(`POST ${FICHES}{id}/restore/`, 'DossierService.RestoreFiche', '                401    403   403   403e  403      403      403   403     404    200   404', { objet: 'ficheSupprimee' }),
  row(`GET ${FICHES}{id}/historique/`, 'DossierService.ListHistorique', '            401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche', message: ({ objet }) => ({ id: objet.id, ...page }) }),
];
