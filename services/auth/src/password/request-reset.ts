import { invalid } from '@mediai/kit/errors';
import { maxPasswordLength } from '../account/password.ts';
import { acteAnonyme, type Acte, type Fait } from '../audit/acte.ts';
import { required } from '../form/field.ts';
import type { GuessingStore } from '../token/guessing-store.ts';
import { guessKeys, tooManyGuesses } from '../token/guessing.ts';
import type { Letter } from './code-courier.ts';
import type { Owner, PasswordStore, Whose } from './password-store.ts';
import { codeMinutes, type ResetCodes } from './reset-code.ts';

export type ResetRequest = { identifiant: string; email?: string; adresse: string };

type Needs = {
  store: Pick<PasswordStore, 'findOwner' | 'addCode'>;
  codes: ResetCodes;
  guessing: GuessingStore;
  /** Takes a letter to be carried after the answer. */
  post: (letter: Letter) => void;
  clock: () => Date;
};

/** Who asks, as they named themselves: `typed` is what is counted, `whose` what is looked for; undefined where nothing was typed. */
export function readIdentite({ identifiant, email }: Pick<ResetRequest, 'identifiant' | 'email'>): { typed: string; whose: Whose } | undefined {
  const typed = (email ?? identifiant).trim().slice(0, maxTypedLength);
  if (typed === '') return undefined;
  return { typed, whose: email === undefined ? { identifiant: typed } : { email: typed } };
}

/** More than a username or an e-mail address has. */
const maxTypedLength = 2 * maxPasswordLength;

/**
 * Sends a code to the phone or e-mail address of an open account, three an hour at most. The answer, and what is done and
 * written before it, are the same when there is no such account, when it was deactivated, and beyond the three. Throws
 * `invalid` for an empty text, `exhausted` with the seconds to wait when one address asks too often.
 */
export function createRequestReset({ store, codes, guessing, post, clock }: Needs) {
  return async ({ adresse, ...named }: ResetRequest): Promise<void> => {
    const identite = readIdentite(named);
    if (!identite) throw invalid({ username: [required] });
    const { typed, whose } = identite;
    const at = clock();
    const guesses = guessKeys(typed, adresse, 'demande');
    const wait = await guessing.take(guesses, at);
    if (wait > 0) throw tooManyGuesses(wait);
    const owner = await store.findOwner(whose);
    const code = codes.newCode();
    const hash = codes.hashCode(owner?.id ?? 0, code);
    const expiresAt = new Date(at.getTime() + codeMinutes * 60_000);
    const counts = await store.addCode(owner?.id, { hash, at, expiresAt, guesses }, (isKept) => requestActe(owner, adresse, isKept));
    if (owner && counts) post({ userId: owner.id, telephone: owner.phone, email: owner.email, prenom: owner.firstName, etablissementId: owner.etablissementId, code, expiresAt });
  };
}

function requestActe(owner: Owner | undefined, adresse: string, isKept: boolean): Acte {
  const fait: Fait = { action: 'mot_de_passe.demande', objetType: 'users', objetId: owner ? String(owner.id) : '', etablissementId: owner?.etablissementId ?? null, adresse };
  return acteAnonyme(fait, isKept ? 'ok' : 'refus');
}
