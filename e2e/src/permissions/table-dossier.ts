import { unique } from '../accounts.ts';
import { row, type Cell } from './row.ts';
import { ficheDe } from './table-fichiers.ts';

const FICHES = '/api/v1/fiche-consultation/';
const REFERENCES = '/api/v1/references/';
const RESULTATS = '/api/v1/lab-results/';
const page = { page: 1, pageSize: 100 };
const PAGE = '?page_size=100';
const medecin = ({ world }: Cell) => world.acteurs.medecinAssigne.id;

const message = { content: 'La fièvre est revenue cette nuit.' };
const resultat = { type_analyse: 'Goutte épaisse', valeur: '+++', date_prelevement: '2026-01-20' };
const resultatRpc = { typeAnalyse: 'Goutte épaisse', valeur: '+++', datePrelevement: '2026-01-20' };
const reference = () => ({ title: `Titre ${unique()}` });
/** The fiche that a cell is about, in the body of what is to lie under it. */
const sous = (corps: () => object) => ({ objet }: Cell) => ({ fiche: objet.id, ...corps() });
/** One that stands for all cells, where the address names none. */
const sousUne = (corps: () => object) => async (cell: Cell) => ({ fiche: (await ficheDe(cell)).id, ...corps() });

/** What lies beside a fiche, and what is done about a whole dossier. */
export const DOSSIER = [
  //                                                                                anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row(`POST ${FICHES}{id}/assign-medecin/`, 'DossierService.AssignMedecin', '        401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', corps: (cell) => ({ medecin_id: medecin(cell) }), message: (cell) => ({ id: cell.objet.id, medecinId: medecin(cell) }) }),
  row(`POST ${FICHES}{id}/restore/`, 'DossierService.RestoreFiche', '                401    403   403   403e  403      403      403   403     404    200   404', { objet: 'ficheSupprimee' }),
  row(`GET ${FICHES}{id}/historique/`, 'DossierService.ListHistorique', '            401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche', message: ({ objet }) => ({ id: objet.id, ...page }) }),

  row(`GET ${FICHES}{id}/messages/`, 'DossierService.ListFicheMessages', '           401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche', message: sous(() => ({})) }),
  row(`POST ${FICHES}{id}/messages/`, 'DossierService.CreateFicheMessage', '         401    404   201   403e  404      403m     201   201     404    201   404', { objet: 'fiche', corps: () => message, message: sous(() => message) }),
  row(`GET ${FICHES}{id}/references/`, 'DossierService.ListFicheReferences', '       401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche', message: sous(() => ({})) }),
  row(`POST ${FICHES}{id}/references/`, 'DossierService.CreateReference', '          401    404   201   403e  404      403m     201   201     404    201   404', { objet: 'fiche', corps: reference, message: sous(() => ({ reference: reference() })) }),

  row(`GET ${REFERENCES}`, 'DossierService.ListReferences', '                        401    200   200   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'reference', champ: 'references', vu: '- - x - - - x x - x -' } }),
  row(`POST ${REFERENCES}`, 'DossierService.CreateReference', '                      401    404   201   403e  404      403m     201   201     404    201   404', { corps: sousUne(reference), message: sousUne(() => ({ reference: reference() })) }),
  row(`GET ${REFERENCES}{id}/`, 'DossierService.GetReference', '                     401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'reference' }),
  row(`PUT ${REFERENCES}{id}/`, 'DossierService.UpdateReference', '                  401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'reference', corps: reference, message: ({ objet }) => ({ id: objet.id, reference: reference(), complet: true }) }),
  row(`PATCH ${REFERENCES}{id}/`, 'DossierService.UpdateReference', '                401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'reference', corps: () => ({ year: 2021 }), message: ({ objet }) => ({ id: objet.id, reference: { year: 2021 } }) }),
  row(`DELETE ${REFERENCES}{id}/`, 'DossierService.DeleteReference', '               401    404   204   403e  404      403m     204   204     404    204   404', { objet: 'reference' }),

  row(`GET ${RESULTATS}`, 'DossierService.ListLabResults', '                         401    200   200   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'resultat', champ: 'results', vu: '- - x - - - x x - x -' } }),
  row(`POST ${RESULTATS}`, 'DossierService.CreateLabResult', '                       401    404   201   403e  404      403m     201   201     404    201   404', { corps: sousUne(() => resultat), message: sousUne(() => ({ result: resultatRpc })) }),
  row(`GET ${RESULTATS}{id}/`, 'DossierService.GetLabResult', '                      401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'resultat' }),
  row(`PUT ${RESULTATS}{id}/`, 'DossierService.UpdateLabResult', '                   401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'resultat', corps: () => resultat, message: ({ objet }) => ({ id: objet.id, result: resultatRpc, complet: true }) }),
  row(`PATCH ${RESULTATS}{id}/`, 'DossierService.UpdateLabResult', '                 401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'resultat', corps: () => ({ valeur: '++' }), message: ({ objet }) => ({ id: objet.id, result: { valeur: '++' } }) }),
  row(`DELETE ${RESULTATS}{id}/`, 'DossierService.DeleteLabResult', '                401    404   204   403e  404      403m     204   204     404    204   404', { objet: 'resultat' }),
  row(null, 'DossierService.UploadLabResult', '                                    401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche', message: ({ objet }) => [{ contenu: { case: 'formulaire', value: { fiche: objet.id, result: resultatRpc } } }] }),
  row(null, 'DossierService.ReplaceLabResultFile', '                               401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'resultat', message: ({ objet }) => [{ contenu: { case: 'formulaire', value: { id: objet.id, result: { valeur: '+' } } } }] }),
  row(`GET ${RESULTATS}{id}/download/`, 'DossierService.DownloadLabResult', '        401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'resultat' }),
];
