import { randomUUID } from 'node:crypto';
import { invalid, unauthenticated } from '@mediai/kit/errors';
import type { AccountStore } from '../account/account-store.ts';
import type { Credentials } from '../account/account.ts';
import { maxPasswordLength } from '../account/password.ts';
import type { AgingPasswords } from '../account/password-hash.ts';
import { acteAnonyme, acteDuTitulaire, type Acte, type Fait } from '../audit/acte.ts';
import { refuseFaulty, required, unreadable } from '../form/field.ts';
import type { AccessTokens, TokenHolder } from './access-token.ts';
import type { GuessingStore } from './guessing-store.ts';
import { guessKeys, tooManyGuesses, type GuessKeys } from './guessing.ts';
import { hashRefreshToken, newRefreshToken } from './refresh-token.ts';
import type { SessionStore } from './session-store.ts';

export type Login = { username: string; password: string; adresse: string };
export type LoginOutcome = 'ok' | 'refus' | 'attente';
export type TokenPair = { access: string; refresh: string };

type Needs = {
  accounts: Pick<AccountStore, 'findCredentials'>;
  passwords: AgingPasswords;
  guessing: GuessingStore;
  sessions: Pick<SessionStore, 'open' | 'refuse'>;
  accessTokens: AccessTokens;
  refreshSeconds: number;
  clock: () => Date;
  counted: (outcome: LoginOutcome) => void;
};

/** More than any username or password may have. */
const maxTypedLength = 2 * maxPasswordLength;

/**
 * A login. The same answer, after the same work, for a wrong password, an unknown username and a deactivated account:
 * `unauthenticated` (`auth.identifiants_invalides`). Throws `exhausted` (`auth.trop_d_essais`) with the seconds to wait after
 * repeated failures, `invalid` for an empty field or a username with NUL. A hash made with other parameters, or by Django,
 * is replaced on the way.
 */
export function createIssueToken({ accounts, passwords, guessing, sessions, accessTokens, refreshSeconds, clock, counted }: Needs) {
  return async ({ username, password, adresse }: Login): Promise<TokenPair> => {
    refuseUnreadable(username, password);
    const at = clock();
    const guesses = guessKeys(username.slice(0, maxTypedLength), adresse);
    const wait = await guessing.take(guesses, at);
    if (wait > 0) {
      counted('attente');
      throw tooManyGuesses(wait);
    }
    const typed = password.slice(0, maxTypedLength);
    const found = await accounts.findCredentials(username.slice(0, maxTypedLength));
    const matches = await passwords.matches(typed, found?.passwordHash);
    const refresh = newRefreshToken();
    const holder = found && matches && found.account.isActive ? await open(found, typed, refresh, guesses, adresse) : undefined;
    if (!holder) {
      counted('refus');
      await sessions.refuse(guesses, at, loginActe(found?.account, adresse, 'refus'));
      throw unauthenticated('auth.identifiants_invalides', "Nom d'utilisateur ou mot de passe incorrect.");
    }
    counted('ok');
    return { access: await accessTokens.forAccount(holder, at), refresh };
  };

  async function open({ account, passwordHash }: Credentials, password: string, refresh: string, guesses: GuessKeys, adresse: string): Promise<TokenHolder | undefined> {
    const renewed = passwords.isOutdated(passwordHash) ? await passwords.hash(password) : undefined;
    const at = clock();
    const token = { hash: hashRefreshToken(refresh), expiresAt: new Date(at.getTime() + refreshSeconds * 1000) };
    const session = { familyId: randomUUID(), userId: account.id, passwordHash: { verified: passwordHash, renewed }, token, guesses, at };
    return sessions.open(session, loginActe(account, adresse, 'ok'));
  }
}

function refuseUnreadable(username: string, password: string): void {
  const notEmpty = (value: string) => ({ value, faults: value === '' ? [required] : [] });
  refuseFaulty({ username: notEmpty(username.trim()), password: notEmpty(password) });
  // PostgreSQL cannot even look for it.
  if (username.includes('\0')) throw invalid({ username: [unreadable] });
}

function loginActe(account: Credentials['account'] | undefined, adresse: string, issue: 'ok' | 'refus'): Acte {
  const fait: Fait = { action: 'compte.connexion', objetType: 'users', objetId: account ? String(account.id) : '', etablissementId: account?.etablissementId ?? null, adresse };
  return account && issue === 'ok' ? acteDuTitulaire(account, fait) : acteAnonyme(fait, issue);
}
