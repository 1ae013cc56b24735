import { row } from './row.ts';

const EXPORTS = '/api/v1/exports/';
const MIENNES = '/api/v1/mes-donnees/';
const EFFACEMENTS = '/api/v1/effacements/';
const page = { page: 1, pageSize: 100 };
const PAGE = '?page_size=100';
const jour = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const demande = () => ({ export_format: 'csv', date_start: jour, date_end: jour });
const demandeRpc = () => ({ exportFormat: 'csv', dateStart: jour, dateEnd: jour });
const refus = { motif: 'Un traitement est en cours.' };

/** Exports for admins; one's own data and their erasure for whoever has an account. */
export const EXPORTS_ET_EFFACEMENTS = [
  //                                                                                        anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row(`GET ${EXPORTS}`, 'ExportService.ListExports', '                                       401    403   403   403   403      403      403   403     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'exportFiches', champ: 'exports', vu: '- - - - - - - - - x -' } }),
  row(`POST ${EXPORTS}`, 'ExportService.CreateExport', '                                     401    403   403   403   403      403      403   403     201    201   201', { corps: demande, message: demandeRpc }),
  row(`GET ${EXPORTS}{id}/`, 'ExportService.GetExport', '                                    401    403   403   403   403      403      403   403     404    200   404', { objet: 'exportFiches' }),
  row(`GET ${EXPORTS}{id}/download/`, 'ExportService.DownloadExport', '                      401    403   403   403   403      403      403   403     404    200   404', { objet: 'exportFiches', partage: true }),

  row(`GET ${MIENNES}export/`, 'ExportService.ListExportsPersonnels', '                      401    200   200   200   200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'exportPersonnel', champ: 'exports', vu: '- - x - - - - - - - -' } }),
  row(`POST ${MIENNES}export/`, 'ExportService.CreateExportPersonnel', '                     401    201   201   201   201      201      201   201     201    201   201', { jetable: true }),
  row(`GET ${MIENNES}export/{id}/`, 'ExportService.GetExportPersonnel', '                    401    404   200   404   404      404      404   404     404    404   404', { objet: 'exportPersonnel' }),
  row(`GET ${MIENNES}export/{id}/download/`, 'ExportService.DownloadExportPersonnel', '      401    404   200   404   404      404      404   404     404    404   404', { objet: 'exportPersonnel', partage: true }),

  row(`GET ${MIENNES}effacement/`, 'EffacementService.ListMesEffacements', '                 401    200   200   200   200      200      200   200     200    200   200', { query: PAGE, message: () => page }),
  row(`POST ${MIENNES}effacement/`, 'EffacementService.CreateEffacement', '                  401    201   201   201   201      201      201   201     201    201   201', { jetable: true }),

  row(`GET ${EFFACEMENTS}`, 'EffacementService.ListEffacements', '                           401    403   403   403   403      403      403   403     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'effacement', champ: 'effacements', vu: '- - - - - - - - - x -' } }),
  row(`POST ${EFFACEMENTS}{id}/accept/`, 'EffacementService.AcceptEffacement', '             401    403   403   403   403      403      403   403     404    200   404', { objet: 'effacement' }),
  row(`POST ${EFFACEMENTS}{id}/reject/`, 'EffacementService.RejectEffacement', '             401    403   403   403   403      403      403   403     404    200   404', { objet: 'effacement', corps: () => refus, message: ({ objet }) => ({ id: objet.id, ...refus }) }),
];
