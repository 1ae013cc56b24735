import type { Service } from '../suite.ts';
import type { Kind, Objet } from './objects.ts';
import type { Column, World } from './world.ts';
import { COLUMNS } from './world.ts';

/** One cell's surroundings: who asks, and about what. */
export interface Cell {
  readonly world: World;
  readonly column: Column;
  /** Undefined for nobody. */
  readonly acteur: World['acteurs'][Exclude<Column, 'anonyme'>] | undefined;
  readonly objet: Objet;
}

type Give = (cell: Cell) => unknown;

export interface RowOptions {
  /** What `{id}` names; each allowed cell that changes something gets a fresh one. */
  readonly objet?: Kind;
  /** Allowed cells share the object as well: what they say changes nothing. */
  readonly partage?: boolean;
  /** Body of the REST call. */
  readonly corps?: Give;
  /** Appended to the path. */
  readonly query?: string;
  /** Request of the gRPC call; `{ id }` of the object when not given. */
  readonly message?: Give;
  /** Each cell is asked by a fresh account of the column's sort: the call ends its sessions. */
  readonly jetable?: boolean;
  /** For a list: the objects looked for in it, the field of the gRPC answer, and by column whether it holds the object (x or -). */
  readonly liste?: { readonly objet: Kind; readonly champ: string; readonly vu: string };
  /** The process asked, when it is not the method's usual one. */
  readonly service?: Service;
}

export interface Row extends RowOptions {
  /** `GET /api/v1/…`; null for a method that no route calls. */
  readonly route: string | null;
  /** `AuthService.GetMe`; null for a route that calls none. */
  readonly rpc: string | null;
  readonly attendu: Record<Column, Attendu>;
}

/** A status, and the problem's code where a 403 has a reason of its own. */
export interface Attendu {
  readonly status: number;
  readonly code?: string;
  /** A 403 about this object, not about who asks. */
  readonly deLObjet?: boolean;
}

const LETTERS: Record<string, Omit<Attendu, 'status'>> = { '': {}, e: { code: 'compte.en_attente' }, m: { code: 'acces.motif_requis', deLObjet: true }, o: { deLObjet: true } };

/**
 * A line of the table.
 * @param statuts one per column, in the order of COLUMNS: `401`, `403` (role), `403e` (account not
 *   approved), `403m` (reason needed), `403o` (a colleague's, reason or not)
 */
export function row(route: string | null, rpc: string | null, statuts: string, options: RowOptions = {}): Row {
  const words = statuts.trim().split(/\s+/);
  if (words.length !== COLUMNS.length) throw new Error(`${route ?? rpc}: ${words.length} statuses for ${COLUMNS.length} columns`);
  const attendu = Object.fromEntries(COLUMNS.map((column, i) => [column, readStatus(words[i] ?? '')])) as Row['attendu'];
  return { route, rpc, attendu, ...options };
}

function readStatus(word: string): Attendu {
  const [, status, letter = ''] = /^(\d{3})([emo]?)$/.exec(word) ?? [];
  if (!status) throw new Error(`${word} is no status`);
  return { status: Number(status), ...LETTERS[letter] };
}

/** What the same one is answered about an object that does not exist: the role is judged first, the rest is not there. */
export function withoutObject(attendu: Attendu): Attendu {
  const byRole = attendu.status === 401 || (attendu.status === 403 && !attendu.deLObjet);
  return byRole ? attendu : { status: 404 };
}

export const isAllowed = ({ status }: Attendu): boolean => status < 300;
export const changesSomething = ({ route, rpc }: Row): boolean => (route ? !route.startsWith('GET ') : !/\.(Get|List)/.test(rpc ?? ''));
export const nameOf = ({ route, rpc }: Row): string => route ?? `gRPC ${rpc}`;
