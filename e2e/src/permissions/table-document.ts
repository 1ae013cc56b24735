import { row } from './row.ts';

const FICHES = '/api/v1/fiche-consultation/';
/** The form of a code, and that of none: 404 for everybody. */
const CODE = 'Zm9uY3Rpb24tZGUtdGVzdC1zYW5z0123';

/** Fiches as documents. */
export const DOCUMENT = [
  //                                                                                anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row(`GET ${FICHES}{id}/export/pdf/`, 'DocumentService.ExportPdf', '               401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche' }),
  row(`GET ${FICHES}{id}/export/json/`, 'DocumentService.GetDossier', '             401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'fiche' }),
  row(`POST ${FICHES}{id}/verification/revoke/`, 'DocumentService.RevokeVerifications', ' 401 403 403  403e  404      403m     200   200     404    200   404', { objet: 'fiche' }),
  row('GET /api/v1/verification/{jeton}/', 'DocumentService.VerifyDocument', '       404    404   404   404   404      404      404   404     404    404   404', { message: () => ({ jeton: CODE }) }),
];
