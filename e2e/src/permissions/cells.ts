import { kinds } from '@mediai/kit/errors';
import { call } from '../client.ts';
import type { CallRpc } from '../rpc.ts';
import { MAKERS, type Kind, type Objet } from './objects.ts';
import { changesSomething, isAllowed, nameOf, withoutObject, type Attendu, type Cell, type Row } from './row.ts';
import { ADRESSE, COLUMNS, type Column, type World } from './world.ts';

const PARALLEL = 12;
const NO_TOKEN = 'ceci.nest.pasunjeton';

/** The largest id there may be: nobody has it. */
const MISSING = 2_147_483_647;

type Items = { id: number }[] | undefined;
interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly body: unknown;
  readonly items?: Items;
}

/** Objects that refused and reading cells share: one by kind, assigned or not. */
export function createShared(world: World) {
  const made = new Map<string, { kind: Kind; objet: Promise<Objet>; before: Promise<unknown> }>();
  return {
    get(kind: Kind, assigne: boolean): Promise<Objet> {
      const key = `${kind} ${assigne ? 'assigned' : 'free'}`;
      let one = made.get(key);
      if (!one) {
        const objet = MAKERS[kind].make(world, assigne);
        made.set(key, (one = { kind, objet, before: objet.then((made) => MAKERS[kind].read?.(world, made)) }));
      }
      return one.before.then(() => one.objet);
    },
    /** Those whose state is not what it was when they were made. */
    async changed(): Promise<{ objet: string; before: unknown; after: unknown }[]> {
      const all = await Promise.all([...made].map(async ([key, { kind, objet, before }]) => ({ objet: key, before: await before, after: await MAKERS[kind].read?.(world, await objet).catch(String) })));
      return all.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
    },
  };
}
type Shared = ReturnType<typeof createShared>;

/**
 * Asks every cell of the table, on REST and on gRPC; where it names an object, also about one that does not exist, and
 * where the role is refused, also with a body that is none: neither may tell more than the refusal itself.
 * @returns by row what was answered otherwise than expected, in words
 */
export async function askAll(table: readonly Row[], world: World, shared: Shared, callRpc: CallRpc): Promise<Map<Row, string[]>> {
  const wrong = new Map<Row, string[]>(table.map((row) => [row, []]));
  const readingFirst = table.toSorted((a, b) => Number(changesSomething(a)) - Number(changesSomething(b)));
  const asking = (row: Row, column: Column) => [askRest, askRpc].map((ask) => () => ask(row, column).catch((error: unknown) => void wrong.get(row)?.push(`as ${column}: ${String(error)}`)));
  await inParallel(readingFirst.flatMap((row) => COLUMNS.flatMap((column) => asking(row, column))));
  return wrong;

  async function askRest(row: Row, column: Column): Promise<void> {
    if (!row.route) return;
    const [method = '', path = ''] = row.route.split(' ');
    const attendu = row.attendu[column];
    const cell = await openCell(row, column, world, shared);
    const ask = async (token: string | undefined, id: number, body: unknown): Promise<Answer> => {
      const answer = await call<Record<string, unknown> | null>(method, `${path.replace('{id}', String(id))}${row.query ?? ''}`, { token, body, headers: { 'x-forwarded-for': ADRESSE } });
      return { ...answer, code: answer.body?.['code'], items: answer.body?.['results'] as Items };
    };
    for (const token of tokensOf(cell)) {
      const answer = await ask(token, cell.objet.id, await row.corps?.(cell));
      await judge('REST', row, cell, attendu, answer);
      if (attendu.status === 403 && !attendu.deLObjet && row.corps) await judge('REST with no body', row, cell, attendu, await ask(token, cell.objet.id, []));
      if (!row.objet) continue;
      const body = await row.corps?.(cell);
      const missing = await ask(token, MISSING, path.includes('{id}') ? body : aboutNothing(body, cell.objet.id));
      await judge('REST about nothing', row, cell, withoutObject(attendu), missing);
      if (attendu.status === 404 && withoutRequest(answer) !== withoutRequest(missing)) tell(row, cell, 'REST', `${withoutRequest(answer)}, but about nothing ${withoutRequest(missing)}`);
    }
  }

  async function askRpc(row: Row, column: Column): Promise<void> {
    const { rpc } = row;
    if (!rpc) return;
    const attendu = row.attendu[column];
    const cell = await openCell(row, column, world, shared);
    const ask = async (token: string | undefined, request: object): Promise<Answer> => {
      const { body, error } = await callRpc(rpc, request, { token, service: row.service });
      if (!error) return { status: isAllowed(attendu) ? attendu.status : 200, code: undefined, body, items: body[row.liste?.champ ?? ''] as Items };
      const { grpc, http } = kinds[error.kind];
      return { status: http, code: error.code, body: `${grpc} ${error.code} ${error.detail}` };
    };
    for (const token of tokensOf(cell)) {
      const request = ((await row.message?.(cell)) ?? (row.objet ? { id: cell.objet.id } : await row.corps?.(cell)) ?? {}) as object;
      const answer = await ask(token, request);
      await judge('gRPC', row, cell, attendu, answer);
      if (!row.objet) continue;
      const missing = await ask(token, aboutNothing(request, cell.objet.id) as object);
      await judge('gRPC about nothing', row, cell, withoutObject(attendu), missing);
      if (attendu.status === 404 && answer.body !== missing.body) tell(row, cell, 'gRPC', `${String(answer.body)}, but about nothing ${String(missing.body)}`);
    }
  }

  function tell(row: Row, cell: Cell, way: string, words: string): void {
    wrong.get(row)?.push(`${way} as ${cell.column}: ${words}`);
  }

  async function judge(way: string, row: Row, cell: Cell, attendu: Attendu, answer: Answer): Promise<void> {
    if (answer.status !== attendu.status) return tell(row, cell, way, `${answer.status}, not ${attendu.status}: ${JSON.stringify(answer.body)?.slice(0, 300)}`);
    if (attendu.code && answer.code !== attendu.code) tell(row, cell, way, `${String(answer.code)}, not ${attendu.code}`);
    if (!row.liste || !isAllowed(attendu)) return;
    const { id } = await shared.get(row.liste.objet, cell.column !== 'medecinLibre');
    const isSeen = row.liste.vu.trim().split(/\s+/)[COLUMNS.indexOf(cell.column)] === 'x';
    if ((answer.items ?? []).some((item) => item.id === id) !== isSeen) tell(row, cell, way, `${isSeen ? 'does not list' : 'lists'} ${row.liste.objet} ${id}`);
  }
}

/** The same request, or messages of a stream, with an id that nobody has. */
function aboutNothing(request: unknown, id: number): unknown {
  if (request === id) return MISSING;
  if (typeof request !== 'object' || request === null || ArrayBuffer.isView(request) || request instanceof FormData) return request;
  if (Array.isArray(request)) return request.map((one) => aboutNothing(one, id));
  return Object.fromEntries(Object.entries(request).map(([name, value]) => [name, aboutNothing(value, id)]));
}

/** Nobody asks twice: without a token and with one that is none. */
const tokensOf = ({ acteur }: Cell): (string | undefined)[] => (acteur ? [acteur.token] : [undefined, NO_TOKEN]);

function withoutRequest({ body }: Answer): string {
  return JSON.stringify({ ...(body as object), request_id: '' });
}

async function openCell(row: Row, column: Column, world: World, shared: Shared): Promise<Cell> {
  const someone = column === 'anonyme' ? undefined : column;
  const acteur = someone && (row.jetable ? await world.jetable(someone) : world.acteurs[someone]);
  if (row.liste) await shared.get(row.liste.objet, column !== 'medecinLibre');
  return { world, column, acteur, objet: row.objet ? await objetOf(row, row.objet, column, world, shared) : { id: 0 } };
}

function objetOf(row: Row, kind: Kind, column: Column, world: World, shared: Shared): Promise<Objet> {
  const assigne = column !== 'medecinLibre';
  const fresh = changesSomething(row) && isAllowed(row.attendu[column]) && !row.partage;
  return fresh ? MAKERS[kind].make(world, assigne) : shared.get(kind, assigne);
}

async function inParallel(tasks: (() => Promise<void>)[]): Promise<void> {
  const queue = tasks.values();
  await Promise.all(Array.from({ length: PARALLEL }, async () => {
    for (const task of queue) await task();
  }));
}

/** `row` as jest names it. */
export const named = (table: readonly Row[]): [string, Row][] => table.map((row) => [`${nameOf(row)}${row.service ? ` at ${row.service}` : ''}`, row]);
