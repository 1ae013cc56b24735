import { randomUUID } from 'node:crypto';
import type { Acteur } from '@mediai/kit/acteur';
import { invalid, unauthenticated } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import { maxPasswordLength, passwordFaults } from '../account/password.ts';
import type { Passwords } from '../account/password-hash.ts';
import { acteDuTitulaire, type Acte } from '../audit/acte.ts';
import { required } from '../form/field.ts';
import type { AccessTokens } from '../token/access-token.ts';
import type { GuessingStore } from '../token/guessing-store.ts';
import { guessKeys, tooManyGuesses } from '../token/guessing.ts';
import type { TokenPair } from '../token/issue-token.ts';
import { hashRefreshToken, newRefreshToken } from '../token/refresh-token.ts';
import type { SessionStore } from '../token/session-store.ts';
import type { Owner, PasswordStore } from './password-store.ts';

export type PasswordChange = { oldPassword: string; newPassword: string; adresse: string };

type Needs = {
  store: Pick<PasswordStore, 'findOwner' | 'change'>;
  passwords: Passwords;
  guessing: GuessingStore;
  sessions: Pick<SessionStore, 'refuse'>;
  accessTokens: Pick<AccessTokens, 'forAccount'>;
  refreshSeconds: number;
  clock: () => Date;
};

/**
 * Replaces one's own password and ends every session, this one included; the tokens returned are of a new one. The present
 * password is guessed under the same guard as at a login. Throws `invalid` naming `old_password` (`mot_de_passe.incorrect`) or
 * `new_password` (`mot_de_passe.invalide`), `exhausted` with the seconds to wait.
 */
export function createChangePassword({ store, passwords, guessing, sessions, accessTokens, refreshSeconds, clock }: Needs) {
  return async (acteur: Acteur, { oldPassword, newPassword, adresse }: PasswordChange): Promise<TokenPair> => {
    exiger(acteur, 'mot_de_passe.changer');
    refuseUnusable(oldPassword, newPassword);
    const owner = await store.findOwner({ id: acteur.id });
    if (!owner) throw unauthenticated();
    const guesses = guessKeys(owner.username, adresse);
    const wait = await guessing.take(guesses, clock());
    if (wait > 0) throw tooManyGuesses(wait);
    const matches = await passwords.matches(oldPassword.slice(0, 2 * maxPasswordLength), owner.passwordHash);
    const refresh = newRefreshToken();
    const session = (at: Date) => ({ familyId: randomUUID(), token: { hash: hashRefreshToken(refresh), expiresAt: new Date(at.getTime() + refreshSeconds * 1000) } });
    const opened = matches ? await store.change(owner, await passwords.hash(newPassword), session, guesses, changeActe(owner, adresse, 'ok')) : undefined;
    if (!opened) {
      await sessions.refuse(guesses, clock(), changeActe(owner, adresse, 'refus'));
      throw invalid({ old_password: ['Le mot de passe actuel est incorrect.'] }, 'mot_de_passe.incorrect');
    }
    return { access: await accessTokens.forAccount(opened.holder, opened.at), refresh };
  };
}

function refuseUnusable(oldPassword: string, newPassword: string): void {
  const faults = { ...(oldPassword === '' ? { old_password: [required] } : {}), ...newPasswordFaults(newPassword) };
  if (Object.keys(faults).length > 0) throw invalid(faults, 'mot_de_passe.invalide');
}

/** What is wrong with a new password, under its public name. */
export function newPasswordFaults(newPassword: string): { new_password?: string[] } {
  const faults = newPassword === '' ? [required] : passwordFaults(newPassword);
  return faults.length > 0 ? { new_password: faults } : {};
}

function changeActe(owner: Owner, adresse: string, issue: 'ok' | 'refus'): Acte {
  return { ...acteDuTitulaire(owner, { action: 'compte.mot_de_passe', objetType: 'users', objetId: String(owner.id), etablissementId: owner.etablissementId, adresse }), issue };
}
