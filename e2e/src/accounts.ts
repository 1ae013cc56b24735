import { call, login } from './client.ts';

/** An account of one's own, logged in. */
export type Compte = { readonly id: number; readonly username: string; readonly password: string; readonly phone: string; readonly token: string };

/** What an account is to be. `etablissement`: its id; without one the creator's, or the default one for a pending médecin. */
export type Sorte = { readonly role: 'patient' | 'medecin'; readonly admin?: boolean; readonly superuser?: boolean; readonly enAttente?: boolean; readonly etablissement?: number };

type User = { id: number; medecin_profile: { is_approved: boolean } | null };

let made = 0;

/** A word that no other account has. */
export function unique(): string {
  made += 1;
  return `${Date.now().toString(36)}${process.pid.toString(36)}${made}`;
}

/** A phone that is most likely nobody's yet. */
export const randomPhone = (): string => `+24381${String(Math.floor(Math.random() * 10_000_000)).padStart(7, '0')}`;

/** A call that must succeed. @returns the body */
export async function must<T>(method: string, path: string, token: string | undefined, body?: unknown): Promise<T> {
  const answer = await call<T>(method, path, { token, body });
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/**
 * Make an account as people do: a superuser creates it and approves it; a médecin who waits has registered by himself.
 * @param par token of a superuser
 */
export async function createCompte(par: string, { role, admin = false, superuser = false, enAttente = false, etablissement }: Sorte): Promise<Compte> {
  const word = unique();
  const said = { username: `e2e.${word}`, password: `Lubumbashi-${word}`, email: `e2e.${word}@exemple.cd`, phone: randomPhone(), role, first_name: 'Kabibi', last_name: 'Tshilombo' };
  const { username, password, phone } = said;
  const place = etablissement === undefined ? {} : { etablissement_id: etablissement };
  const { id } = enAttente
    ? await must<User>('POST', '/api/v1/auth/users/register/', undefined, said)
    : await must<User>('POST', '/api/v1/auth/users/', par, { ...said, ...place, is_staff: admin, is_superuser: superuser });
  if (enAttente && etablissement !== undefined) await must('PATCH', `/api/v1/auth/users/${id}/`, par, place);
  if (role === 'medecin' && !enAttente) {
    const { medecin_profile: profile } = await must<User>('GET', `/api/v1/auth/users/${id}/`, par);
    if (!profile?.is_approved) await must('POST', `/api/v1/auth/users/${id}/approve/`, par);
  }
  return { id, username, password, phone, token: await login(username, password) };
}

/** A new établissement. @returns its id */
export async function createEtablissement(par: string, more: Record<string, unknown> = {}): Promise<number> {
  const { id } = await must<{ id: number }>('POST', '/api/v1/auth/etablissements/', par, { nom: `Centre ${unique()}`, telephone_urgence: '+243999000111', fuseau: 'Africa/Lubumbashi', consentement_ia: 'presume', ...more });
  return id;
}

let hours = 24 * 30;

/** An hour of its own, far enough for nobody to have taken it. */
export function nextSlot(): { start: Date; end: Date } {
  hours += 1;
  const start = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + hours * 3_600_000);
  return { start, end: new Date(start.getTime() + 30 * 60_000) };
}
