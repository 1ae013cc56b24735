import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import type { FicheValeurs } from './valeurs.ts';

/** Name that protobuf-es gives to a snake_case field. */
export const nomLocal = (nom: string): string => nom.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

type Paires = readonly (readonly [nom: string, local: string])[];
const connues = new WeakMap<readonly Champ[], Paires>();

/** Names of a table's fields in JSON and in messages; counted once per table. */
function pairesDe(champs: readonly Champ[]): Paires {
  const paires = connues.get(champs) ?? champs.map((c) => [c.nom, nomLocal(c.nom)] as const);
  connues.set(champs, paires);
  return paires;
}

/**
 * Values -> the members of a `FicheInput` message: what is null is named in `champsNuls`, what is absent stays absent.
 */
export function versFicheInput(valeurs: Partial<FicheValeurs>, champs: readonly Champ[] = CHAMPS): Record<string, unknown> & { champsNuls: string[] } {
  const source = valeurs as Record<string, unknown>;
  const message: Record<string, unknown> & { champsNuls: string[] } = { champsNuls: [] };
  for (const [nom, local] of pairesDe(champs)) {
    const valeur = source[nom];
    if (valeur === null) message.champsNuls.push(nom);
    else if (valeur !== undefined) message[local] = valeur;
  }
  return message;
}

/** A `FicheInput` message -> values; the inverse of `versFicheInput`. Unknown names in `champsNuls` are ignored. */
export function depuisFicheInput(message: object & { champsNuls: readonly string[] }, champs: readonly Champ[] = CHAMPS): Partial<FicheValeurs> {
  const source = message as unknown as Record<string, unknown>;
  const valeurs: Record<string, unknown> = {};
  const nuls = new Set(message.champsNuls);
  for (const [nom, local] of pairesDe(champs)) {
    if (nuls.has(nom)) valeurs[nom] = null;
    else if (source[local] !== undefined) valeurs[nom] = source[local];
  }
  return valeurs as Partial<FicheValeurs>;
}

/** Values -> the client-writable members of a `FicheConsultation` message; null becomes absent. */
export function versFicheMessage(valeurs: FicheValeurs, champs: readonly Champ[] = CHAMPS): Record<string, unknown> {
  const source = valeurs as Record<string, unknown>;
  const message: Record<string, unknown> = {};
  for (const [nom, local] of pairesDe(champs)) {
    const valeur = source[nom];
    if (valeur !== null && valeur !== undefined) message[local] = valeur;
  }
  return message;
}

/** The client-writable members of a `FicheConsultation` message -> JSON values under the contract's names, absent as null. */
export function depuisFicheMessage(message: object, champs: readonly Champ[] = CHAMPS): FicheValeurs {
  const source = message as Record<string, unknown>;
  const valeurs: Record<string, unknown> = {};
  for (const [nom, local] of pairesDe(champs)) valeurs[nom] = source[local] ?? null;
  return valeurs as FicheValeurs;
}
