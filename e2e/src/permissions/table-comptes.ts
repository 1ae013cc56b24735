import { must, unique } from '../accounts.ts';
import { row, type Cell } from './row.ts';
import { ADRESSE } from './world.ts';

const AUTH = '/api/v1/auth/';

const inscription = () => ({ username: `e2e.${unique()}`, password: `Lubumbashi-${unique()}`, role: 'patient', first_name: 'Kabibi', last_name: 'Tshilombo' });
const identifiants = ({ world: { acteurs } }: Cell) => ({ username: acteurs.proprietaire.username, password: acteurs.proprietaire.password });
/** A refresh token of whoever asks, new each time. */
const refresh = async ({ acteur, world }: Cell): Promise<{ refresh: string }> => {
  const { username, password } = acteur ?? world.acteurs.proprietaire;
  return { refresh: (await must<{ refresh: string }>('POST', `${AUTH}token/`, undefined, { username, password })).refresh };
};
const changement = ({ acteur }: Cell) => ({ old_password: acteur?.password ?? 'rien-du-tout', new_password: `Kipushi-${unique()}` });
const inconnu = () => `personne.${unique()}`;
const faux = { code: '000000', new_password: `Kolwezi-${unique()}` };
const CONSENTEMENT = { finalite: 'analyse_ia', version: '2026-1' };
const page = { page: 1, pageSize: 100 };
const PAGE = '?page_size=100';

/** Accounts, sessions, établissements, consents. */
export const COMPTES = [
  //                                                                             anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row(`GET ${AUTH}csrf/`, null, '                                                 200    200   200   200   200      200      200   200     200    200   200'),
  row('GET /.well-known/jwks.json', 'AuthService.GetJwks', '                      200    200   200   200   200      200      200   200     200    200   200'),
  row(`POST ${AUTH}token/`, 'AuthService.IssueToken', '                           200    200   200   200   200      200      200   200     200    200   200', { corps: identifiants, message: (cell) => ({ ...identifiants(cell), adresse: ADRESSE }) }),
  ...[`POST ${AUTH}jwt/token/`, 'POST /api/auth/jwt/token/'].map((alias) =>
    row(alias, null, '                                                            200    200   200   200   200      200      200   200     200    200   200', { corps: identifiants }),
  ),
  row(`POST ${AUTH}refresh/`, 'AuthService.RefreshToken', '                       200    200   200   200   200      200      200   200     200    200   200', { corps: refresh, message: async (cell) => ({ ...(await refresh(cell)), rotate: true }) }),
  row(`POST ${AUTH}jwt/refresh/`, 'AuthService.RefreshToken', '                   200    200   200   200   200      200      200   200     200    200   200', { corps: refresh, message: refresh }),
  row('POST /api/auth/jwt/refresh/', null, '                                      200    200   200   200   200      200      200   200     200    200   200', { corps: refresh }),
  row(`POST ${AUTH}verify/`, 'AuthService.VerifyToken', '                         200    200   200   200   200      200      200   200     200    200   200', { corps: ({ world }) => ({ token: world.superuser }) }),
  row(`POST ${AUTH}logout/`, 'AuthService.Logout', '                              401    205   205   205   205      205      205   205     205    205   205', { corps: refresh }),
  row(`GET ${AUTH}me/`, 'AuthService.GetMe', '                                    401    200   200   200   200      200      200   200     200    200   200'),
  row(`GET ${AUTH}users/me/`, 'AuthService.GetMe', '                              401    200   200   200   200      200      200   200     200    200   200'),
  row(`PATCH ${AUTH}users/me/`, 'AuthService.UpdateUser', '                       401    200   200   200   200      200      200   200     200    200   200', { corps: () => ({ first_name: 'Kabibi' }), message: () => ({ user: { firstName: 'Kabibi' } }) }),
  row(`POST ${AUTH}password/change/`, 'AuthService.ChangePassword', '             401    200   200   200   200      200      200   200     200    200   200', { jetable: true, corps: changement, message: (cell) => ({ oldPassword: changement(cell).old_password, newPassword: changement(cell).new_password, adresse: ADRESSE }) }),
  row(`POST ${AUTH}password/reset/`, 'AuthService.RequestPasswordReset', '        200    200   200   200   200      200      200   200     200    200   200', { corps: () => ({ username: inconnu() }), message: () => ({ identifiant: inconnu(), adresse: ADRESSE }) }),
  row(`POST ${AUTH}password/reset/confirm/`, 'AuthService.ConfirmPasswordReset', '400    400   400   400   400      400      400   400     400    400   400', { corps: () => ({ username: inconnu(), ...faux }), message: () => ({ identifiant: inconnu(), code: faux.code, newPassword: faux.new_password, adresse: ADRESSE }) }),
  row(null, 'AuthService.IssueServiceToken', '                                    401    401   401   401   401      401      401   401     401    401   401', { message: () => ({ service: 'ia', secret: 'ce-n-est-pas-le-secret' }) }),

  row(`POST ${AUTH}users/register/`, 'AuthService.Register', '                    201    201   201   201   201      201      201   201     201    201   201', { corps: inscription, message: inscription }),
  row(`GET ${AUTH}users/`, 'AuthService.ListUsers', '                             401    403   403   403   403      403      403   403     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'compte', champ: 'users', vu: '- - - - - - - - - x x' } }),
  row(`POST ${AUTH}users/`, 'AuthService.CreateUser', '                           401    403   403   403   403      403      403   403     201    201   201', { corps: inscription, message: () => ({ ...inscription(), user: { role: 'patient' } }) }),
  row(`GET ${AUTH}users/{id}/`, 'AuthService.GetUser', '                          401    404   200   404   404      404      404   404     404    200   200', { objet: 'compte' }),
  row(`PUT ${AUTH}users/{id}/`, 'AuthService.UpdateUser', '                       401    404   200   404   404      404      404   404     404    200   200', { objet: 'compte', partage: true, corps: memeCompte, message: memeNom }),
  row(`PATCH ${AUTH}users/{id}/`, 'AuthService.UpdateUser', '                     401    404   200   404   404      404      404   404     404    200   200', { objet: 'compte', partage: true, corps: () => ({ first_name: 'Kabibi' }), message: memeNom }),
  row(`DELETE ${AUTH}users/{id}/`, 'AuthService.DeleteUser', '                    401    403   403   403   403      403      403   403     404    204   204', { objet: 'autreCompte' }),
  row(`POST ${AUTH}users/{id}/approve/`, 'AuthService.ApproveUser', '             401    403   403   403   403      403      403   403     404    200   200', { objet: 'compteEnAttente' }),
  row(`GET ${AUTH}medecins/`, 'AuthService.ListMedecins', '                       401    200   200   200   200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'medecin', champ: 'users', vu: '- x x x - x x x - x -' } }),
  row(`GET ${AUTH}medecins/available/`, 'AuthService.ListMedecins', '             401    200   200   200   200      200      200   200     200    200   200', { query: PAGE, message: () => ({ ...page, available: true }), liste: { objet: 'medecin', champ: 'users', vu: '- x x x - x x x - x -' } }),
  row(`GET ${AUTH}medecins/{id}/`, 'AuthService.GetMedecin', '                    401    200   200   200   404      200      200   200     404    200   404', { objet: 'medecin' }),
  row(`GET ${AUTH}patients/`, 'AuthService.ListPatients', '                       401    403   403   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'compte', champ: 'users', vu: '- - - - - x x x - x x' } }),
  row('GET /api/v1/users/', 'AuthService.ListUsersCourts', '                      401    403   403   403e  200      200      200   200     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'compte', champ: 'users', vu: '- - - - - x x x - x x' } }),
  row('GET /api/v1/users/{id}/', 'AuthService.GetUserCourt', '                    401    403   403   403e  404      200      200   200     404    200   200', { objet: 'compte' }),

  row(`GET ${AUTH}etablissements/`, 'AuthService.ListEtablissements', '           401    403   403   403   403      403      403   403     200    200   200', { query: PAGE, message: () => page, liste: { objet: 'etablissement', champ: 'etablissements', vu: '- - - - - - - - - x x' } }),
  row(`POST ${AUTH}etablissements/`, 'AuthService.CreateEtablissement', '         401    403   403   403   403      403      403   403     403    403   201', { corps: centre, message: () => ({ etablissement: { nom: centre().nom } }) }),
  row(`GET ${AUTH}etablissements/{id}/`, 'AuthService.GetEtablissement', '        401    403   403   403   403      403      403   403     404    200   200', { objet: 'etablissement' }),
  row(`PUT ${AUTH}etablissements/{id}/`, 'AuthService.UpdateEtablissement', '     401    403   403   403   403      403      403   403     404    200   200', { objet: 'etablissement', partage: true, corps: memeCentre, message: memeTelephone }),
  row(`PATCH ${AUTH}etablissements/{id}/`, 'AuthService.UpdateEtablissement', '   401    403   403   403   403      403      403   403     404    200   200', { objet: 'etablissement', partage: true, corps: memeCentre, message: memeTelephone }),
  row(`DELETE ${AUTH}etablissements/{id}/`, 'AuthService.DeleteEtablissement', '  401    403   403   403   403      403      403   403     403    403   204', { objet: 'etablissementVide' }),

  row('GET /api/v1/consentements/', 'AuthService.ListConsentements', '            401    200   200   200   200      200      200   200     200    200   200', { query: PAGE, message: () => page }),
  row('POST /api/v1/consentements/', 'AuthService.GiveConsentement', '            401    201   201   201   201      201      201   201     201    201   201', { corps: () => CONSENTEMENT }),
  row('DELETE /api/v1/consentements/', 'AuthService.WithdrawConsentement', '      401    204   204   204   204      204      204   204     204    204   204', { corps: () => CONSENTEMENT }),
];

function centre() {
  return { nom: `Centre ${unique()}`, telephone_urgence: '+243999000111', fuseau: 'Africa/Lubumbashi', consentement_ia: 'explicite' };
}

function memeCentre({ world, objet }: Cell) {
  return must('GET', `${AUTH}etablissements/${objet.id}/`, world.superuser);
}

function memeTelephone({ objet }: Cell) {
  return { id: objet.id, etablissement: { telephoneUrgence: centre().telephone_urgence } };
}

function memeCompte({ world, objet }: Cell) {
  return must('GET', `${AUTH}users/${objet.id}/`, world.superuser);
}

function memeNom({ objet }: Cell) {
  return { id: objet.id, user: { firstName: 'Kabibi' } };
}
