import { MAKERS, PDF_ESSAI, type Objet } from './objects.ts';
import { row, type Cell } from './row.ts';
import type { World } from './world.ts';

const PIECES = '/api/v1/attachments/';

/** The fiches beside which files are put: one that is assigned, one that is not. */
const fiches = new WeakMap<World, Map<boolean, Promise<Objet>>>();

/** The one of a cell. */
export function ficheDe({ world, column }: Cell): Promise<Objet> {
  const assigne = column !== 'medecinLibre';
  const made = fiches.get(world) ?? new Map<boolean, Promise<Objet>>();
  fiches.set(world, made);
  const fiche = made.get(assigne) ?? MAKERS.fiche.make(world, assigne);
  made.set(assigne, fiche);
  return fiche;
}

const formulaire = async (cell: Cell): Promise<FormData> => {
  const form = new FormData();
  form.set('fiche', String((await ficheDe(cell)).id));
  form.set('file', new Blob([PDF_ESSAI]), 'essai.pdf');
  return form;
};
const envoi = async (cell: Cell) => [
  { contenu: { case: 'entete', value: { nom: 'essai.pdf' } } },
  { contenu: { case: 'octets', value: PDF_ESSAI } },
  { contenu: { case: 'formulaire', value: { fiche: (await ficheDe(cell)).id } } },
];
/** One white point. */
const PNG_ESSAI = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const signature = ({ objet }: Cell) => [
  { contenu: { case: 'entete', value: { nom: 'signature.png' } } },
  { contenu: { case: 'octets', value: PNG_ESSAI } },
  { contenu: { case: 'formulaire', value: { id: objet.id } } },
];
const note = { note: 'De mars' };

/** Files beside fiches. */
export const FICHIERS = [
  //                                                                                anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row(`GET ${PIECES}`, 'AttachmentService.ListAttachments', '                        401    200   200   403e  200      200      200   200     200    200   200', { query: '?page_size=100', message: () => ({ page: 1, pageSize: 100 }), liste: { objet: 'pieceJointe', champ: 'attachments', vu: '- - x - - - x x - x -' } }),
  row(`POST ${PIECES}`, 'AttachmentService.CreateAttachment', '                      401    404   201   403e  404      403m     201   201     404    201   404', { corps: formulaire, message: envoi }),
  row(`GET ${PIECES}{id}/`, 'AttachmentService.GetAttachment', '                     401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'pieceJointe' }),
  row(`PUT ${PIECES}{id}/`, 'AttachmentService.UpdateAttachment', '                  401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'pieceJointe', corps: () => note, message: ({ objet }) => ({ id: objet.id, ...note, complet: true }) }),
  row(`PATCH ${PIECES}{id}/`, 'AttachmentService.UpdateAttachment', '                401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'pieceJointe', corps: () => note, message: ({ objet }) => ({ id: objet.id, ...note }) }),
  row(`DELETE ${PIECES}{id}/`, 'AttachmentService.DeleteAttachment', '               401    404   204   403e  404      403m     204   204     404    204   404', { objet: 'pieceJointe' }),
  row(`GET ${PIECES}{id}/download/`, 'AttachmentService.DownloadAttachment', '       401    404   200   403e  404      403m     200   200     404    200   404', { objet: 'pieceJointe' }),

  row(null, 'SignatureService.SignFiche', '                                          401    403   403   403e  404      403m     200   200     404    200   404', { objet: 'fiche', message: signature }),
  // Whoever asks: an address that no fiche bears shows nothing.
  row('GET /api/v1/signatures/{jeton}/', 'SignatureService.DownloadSignature', '     404    404   404   404   404      404      404   404     404    404   404', { message: () => ({ jeton: 'aucun' }) }),
];
