import { AppError } from '../errors/index.ts';

/** What is told of a `?cursor=` that no page has named. */
export const curseurInvalide = (): AppError => new AppError('invalid', 'pagination.curseur_invalide', "Ce lien de pagination n'est pas valide : reprenez la liste depuis son début.");

/** The place behind a row, in a list that is read newest first by its ids, as an opaque text for links. */
export const ecrirePlace = (id: number): string => Buffer.from(`id.${id}`).toString('base64url');

/**
 * The id behind which a list is read on; undefined without a cursor. It names a place and gives no right.
 * @throws AppError invalid `pagination.curseur_invalide` for a text that `ecrirePlace` did not write
 */
export function lirePlace(texte: string | undefined): number | undefined {
  if (!texte) return undefined;
  const id = Number(/^id\.([1-9]\d{0,9})$/.exec(Buffer.from(texte.slice(0, 40), 'base64url').toString('latin1'))?.[1]);
  if (!(id <= 2_147_483_647) || ecrirePlace(id) !== texte) throw curseurInvalide();
  return id;
}

/** The rows of a page, read with one more that tells whether the list goes on, and the place behind them if it does. */
export function enPage<R extends { readonly id: number }>(rows: readonly R[], pageSize: number): { lues: R[]; suite: string | undefined } {
  const lues = rows.slice(0, pageSize);
  const derniere = lues.at(-1);
  return { lues, suite: rows.length > pageSize && derniere ? ecrirePlace(derniere.id) : undefined };
}
