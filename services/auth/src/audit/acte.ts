import { auteurDe, type Acteur, type Qualite } from '@mediai/kit/acteur';
import type { Account } from '../account/account.ts';

/** One line of the audit: who did what to what, with which outcome. Never a clinical or typed text. */
export type Acte = {
  /** Null for a service, or when nobody is known. */
  acteurId: number | null;
  acteurRole: Qualite | 'anonyme';
  action: string;
  objetType: 'users' | 'etablissement' | 'consentement' | 'refresh_family' | 'signing_key';
  objetId: string;
  etablissementId: number | null;
  /** Network address of the client; that of the request being served when not given. */
  adresse?: string;
  issue: 'ok' | 'refus' | 'echec';
  raison?: string;
};

/** What was done, whoever did it. */
export type Fait = Omit<Acte, 'acteurId' | 'acteurRole' | 'issue'>;

/** A line about what somebody did. */
export function acteDe(acteur: Parameters<typeof auteurDe>[0], fait: Fait): Acte {
  return { ...fait, ...auteurDe(acteur), issue: 'ok' };
}

/** A line about what the owner of an account did, known by a password or a code rather than by a token. */
export function acteDuTitulaire({ id, role, isStaff }: Pick<Account, 'id' | 'role' | 'isStaff'>, fait: Fait): Acte {
  return acteDe({ id, role, estAdmin: isStaff }, fait);
}

/** A line about what somebody did of whom nothing is known. */
export function acteAnonyme(fait: Fait, issue: Acte['issue']): Acte {
  return { ...fait, acteurId: null, acteurRole: 'anonyme', issue };
}

/** A line about what this service does by itself, or by a command on its machine. */
export function acteDuService(fait: Fait): Acte {
  return { ...fait, acteurId: null, acteurRole: 'service:auth', issue: 'ok' };
}

/** A line about what somebody tried and may not do. */
export function acteRefuse(acteur: Acteur, fait: Omit<Fait, 'etablissementId'>): Acte {
  return { ...acteDe(acteur, { ...fait, etablissementId: acteur.role === 'service' ? null : acteur.etablissementId }), issue: 'refus' };
}
