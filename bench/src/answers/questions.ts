import type { Question } from './ask.ts';
import type { Scene } from './scene.ts';

export type Server = 'floor' | 'hop';
export type Read = Question & { readonly name: string; readonly of: readonly Server[] };

const both: readonly Server[] = ['floor', 'hop'];
const floorAlone: readonly Server[] = ['floor'];
const get = (name: string, path: string, token: string | undefined, of = both, headers: Record<string, string> = {}): Read => ({ name, method: 'GET', path, token, of, headers });

/** What is read, by whom, and of whom the same answer is expected as of the suite. */
export function readsOf({ tokens: { patient, medecin, admin }, fiche, numero, conversation, mot, curseur, suivie }: Scene): Read[] {
  const liste = '/fiche-consultation/?page_size=20';
  return [
    get('me, a patient', '/auth/me/', patient), get('me, a médecin', '/auth/me/', medecin), get('me, an admin', '/auth/users/me/', admin),
    get('get, a médecin', `/fiche-consultation/${fiche}/`, medecin), get('get, its patient', `/fiche-consultation/${fiche}/`, patient), get('get, an admin', `/fiche-consultation/${fiche}/`, admin),
    get('list of 20, a médecin', liste, medecin), get('list of 20, a patient', liste, patient), get('list of 20, an admin', liste, admin),
    get('list page 2', `${liste}&page=2`, medecin), get('list page 50', `${liste}&page=50`, medecin), get('list page 50, an admin', `${liste}&page=50`, admin),
    get('list behind a cursor', `${liste}&cursor=${curseur}`, medecin), get('list behind a cursor, an admin', `${liste}&cursor=${curseur}`, admin),
    get('list of 3', '/fiche-consultation/?page_size=3', medecin),
    get('list with search', `${liste}&search=${encodeURIComponent(mot)}`, medecin), get('list with a short word', `${liste}&search=${encodeURIComponent(mot.slice(0, 2))}`, admin), get('list with a number', `${liste}&search=${numero}`, medecin),
    get('list of two states, urgent first', `${liste}&status=en_analyse,analyse_terminee&ordering=-urgence`, medecin), get('list of an urgency', `${liste}&urgence=rouge,orange&assigned_only=true`, medecin), get('list, oldest first', `${liste}&ordering=created_at`, admin),
    get('list of a state that there is not', `${liste}&status=x`, medecin),
    get('list of appointments, a médecin', '/appointments/?page_size=20', medecin), get('list of appointments, a patient', '/appointments/?page_size=20', patient), get('list of pending appointments', '/appointments/?status=pending&date_debut=2026-01-01', admin),
    get('available slots', '/auth/medecins/available/', patient, floorAlone), get('available slots, an admin', '/auth/medecins/available/?specialty=a', admin, floorAlone),
    ...(conversation === undefined ? [] : [get('messages, a médecin', `/conversations/${conversation}/messages/`, medecin, floorAlone), get('messages, a patient', `/conversations/${conversation}/messages/`, patient, floorAlone)]),
    get('refused: a colleague’s without a reason', `/fiche-consultation/${suivie.id}/`, medecin), get('list with the number of a colleague’s', `${liste}&search=${suivie.numero_dossier}`, medecin),
    get('get, a colleague’s with a reason', `/fiche-consultation/${suivie.id}/`, medecin, both, { 'x-access-reason': 'garde%20de%20nuit' }), get('get, a colleague’s within its validity', `/fiche-consultation/${suivie.id}/`, medecin),
    ...refusals(patient, medecin, fiche),
  ];
}

function refusals(patient: string, medecin: string, fiche: number): Read[] {
  return [
    get('refused: no token', '/auth/me/', undefined), get('refused: no such token', '/auth/me/', 'a.b.c'),
    get('refused: no such fiche', '/fiche-consultation/2147483647/', medecin), get('refused: no such id', '/fiche-consultation/x/', medecin),
    get('refused: a page of nothing', '/fiche-consultation/?page=0', medecin), get('refused: a page too far', '/fiche-consultation/?page=1000&page_size=100', medecin), get('refused: no cursor', '/fiche-consultation/?cursor=x', medecin),
    get('refused: no such state', '/appointments/?status=x', medecin),
    { name: 'refused: a médecin’s act by a patient', method: 'PATCH', path: `/fiche-consultation/${fiche}/edit-diagnostic/`, token: patient, body: { diagnostic: 'x' }, of: both },
    { name: 'refused: no text', method: 'PATCH', path: `/fiche-consultation/${fiche}/edit-diagnostic/`, token: medecin, body: {}, of: both },
    { name: 'refused: another version', method: 'PATCH', path: `/fiche-consultation/${fiche}/edit-diagnostic/`, token: medecin, body: { diagnostic: 'x' }, headers: { 'if-match': '"999999"' }, of: both },
    { name: 'refused: a fiche with faults', method: 'POST', path: '/fiche-consultation/', token: patient, body: { nom: '', temperature: 'x', age: 7 }, of: both },
    { name: 'refused: an appointment in the past', method: 'POST', path: '/appointments/', token: patient, body: { requested_start: '2020-01-01T09:00:00Z', requested_end: '2020-01-01T08:00:00Z' }, of: both },
    { name: 'refused: no such appointment', method: 'POST', path: '/appointments/2147483647/confirm/', token: medecin, body: { confirmed_start: '2030-01-01T09:00:00Z', confirmed_end: '2030-01-01T09:30:00Z' }, of: floorAlone },
    { name: 'refused: a wrong password', method: 'POST', path: '/auth/token/', body: { username: 'nobody.answers', password: 'x' }, of: floorAlone },
  ];
}
