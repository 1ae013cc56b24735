import { invalid } from '@mediai/kit/errors';
import type { Passwords } from '../account/password-hash.ts';
import { acteAnonyme, acteDuTitulaire, type Acte, type Fait } from '../audit/acte.ts';
import type { GuessingStore } from '../token/guessing-store.ts';
import { guessKeys, tooManyGuesses } from '../token/guessing.ts';
import { newPasswordFaults } from './change-password.ts';
import type { Owner, PasswordStore } from './password-store.ts';
import { readIdentite } from './request-reset.ts';
import { readCode, type ResetCodes } from './reset-code.ts';

export type ResetConfirmation = { identifiant: string; email?: string; code: string; newPassword: string; adresse: string };

type Needs = {
  store: Pick<PasswordStore, 'findOwner' | 'useCode'>;
  codes: Pick<ResetCodes, 'hashCode'>;
  passwords: Pick<Passwords, 'hash'>;
  guessing: GuessingStore;
  clock: () => Date;
};

/**
 * Sets a new password with the newest code that the account was sent: once, within 10 minutes, at its fifth try at most. All
 * sessions end. The same `invalid` (`mot_de_passe.code_invalide`), after the same work, for a code that is wrong, expired, used,
 * replaced, tried too often, or of no account; `invalid` naming `new_password` costs no try. Throws `exhausted` with the seconds to wait.
 */
export function createConfirmReset({ store, codes, passwords, guessing, clock }: Needs) {
  return async ({ code, newPassword, adresse, ...named }: ResetConfirmation): Promise<void> => {
    const faults = newPasswordFaults(newPassword);
    if (faults.new_password) throw invalid({ new_password: faults.new_password }, 'mot_de_passe.invalide');
    const { typed = '', whose } = readIdentite(named) ?? {};
    const guesses = guessKeys(typed, adresse, 'code');
    const wait = await guessing.take(guesses, clock());
    if (wait > 0) throw tooManyGuesses(wait);
    const owner = whose && (await store.findOwner(whose));
    const codeHash = codes.hashCode(owner?.id ?? 0, readCode(code));
    const newHash = await passwords.hash(newPassword);
    const cleared = [guesses.pair, guessKeys(owner?.username ?? typed, adresse).pair];
    const isRight = await store.useCode(owner?.id, codeHash, newHash, guesses, cleared, (right) => resetActe(owner, adresse, right));
    if (!isRight) throw invalid({ code: ['Ce code est invalide ou a expiré.'] }, 'mot_de_passe.code_invalide');
  };
}

function resetActe(owner: Owner | undefined, adresse: string, isRight: boolean): Acte {
  const fait: Fait = { action: 'mot_de_passe.reinitialisation', objetType: 'users', objetId: owner ? String(owner.id) : '', etablissementId: owner?.etablissementId ?? null, adresse };
  return owner && isRight ? acteDuTitulaire(owner, fait) : acteAnonyme(fait, 'refus');
}
