import { quiAgit, type Acteur, type Qualite } from '@mediai/kit/acteur';
import { forbidden } from '@mediai/kit/errors';

const ADMIN: readonly Qualite[] = ['admin'];
/** Whoever has an account, also a médecin who waits for approval: what is kept of them is theirs to ask for. */
const PERSONNE: readonly Qualite[] = ['patient', 'medecin', 'admin'];

/** Acts that are about no one fiche -> who may do such a thing. The audit row of an act bears its name. */
const PERMIS = {
  'export.creer': ADMIN,
  'export.lister': ADMIN,
  'export.lire': ADMIN,
  'export.telecharger': ADMIN,
  'mes_donnees.exporter': PERSONNE,
  'mes_donnees.lister': PERSONNE,
  'mes_donnees.lire': PERSONNE,
  'mes_donnees.telecharger': PERSONNE,
  'effacement.demander': PERSONNE,
  'effacement.suivre': PERSONNE,
  'effacement.lister': ADMIN,
  'effacement.accepter': ADMIN,
  'effacement.refuser': ADMIN,
} as const satisfies Record<string, readonly Qualite[]>;

export type Geste = keyof typeof PERMIS;

/** @throws AppError forbidden, when this is not for the actor's role */
export function exigerGeste(acteur: Acteur, geste: Geste): void {
  const permis: readonly Qualite[] = PERMIS[geste];
  if (!permis.includes(quiAgit(acteur))) throw forbidden();
}
