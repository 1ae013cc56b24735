/**
 * What raw SQL is run on: a Prisma client or the client of one of its transactions. Parameters are `$1`, `$2`…
 * PostgreSQL infers their types from the statement: cast them (`$1::int`) wherever it could not.
 */
export type SqlExecutor = {
  $executeRawUnsafe(sql: string, ...params: unknown[]): PromiseLike<number>;
  $queryRawUnsafe<T = unknown>(sql: string, ...params: unknown[]): PromiseLike<T>;
};
