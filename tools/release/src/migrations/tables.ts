import type { AlterTableCmd, AlterTableStmt, ColumnDef, CreateStmt, TypeName } from 'libpg-query';
import type { Statement } from './statements.ts';

/** What the rules need to know of a database: its columns' types, and which tables and columns no release has yet. */
export type Tables = {
  types: Map<string, string>;
  freshTables: Set<string>;
  freshColumns: Set<string>;
};

export const noTables = (): Tables => ({ types: new Map(), freshTables: new Set(), freshColumns: new Set() });

export const column = (table: string, name: string): string => `${table}.${name}`;

/** `varchar(20)`, `int4`: a type as PostgreSQL's parser writes it. */
export function typeText({ names = [], typmods = [], arrayBounds = [] }: TypeName): string {
  const name = names.map((one) => ('String' in one ? one.String.sval : '')).at(-1) ?? '';
  const sizes = typmods.map((one) => ('A_Const' in one && one.A_Const.ival ? String(one.A_Const.ival.ival ?? 0) : '?'));
  return `${name}${sizes.length > 0 ? `(${sizes.join(',')})` : ''}${'[]'.repeat(arrayBounds.length)}`;
}

/** Adds what a statement makes. `isReleased` when it is of a migration that was in a release. */
export function learn(tables: Tables, { kind, node }: Statement, isReleased: boolean): void {
  if (kind === 'CreateStmt') {
    const { relation, tableElts = [] } = node as CreateStmt;
    const table = relation?.relname ?? '';
    if (!isReleased) tables.freshTables.add(table);
    for (const element of tableElts) if ('ColumnDef' in element) learnColumn(tables, table, element.ColumnDef, isReleased);
  } else if (kind === 'AlterTableStmt') {
    const { relation, cmds = [] } = node as AlterTableStmt;
    for (const one of cmds) learnCommand(tables, relation?.relname ?? '', (one as { AlterTableCmd: AlterTableCmd }).AlterTableCmd, isReleased);
  }
}

function learnCommand(tables: Tables, table: string, { subtype, name = '', def }: AlterTableCmd, isReleased: boolean): void {
  if (!def || !('ColumnDef' in def)) return;
  if (subtype === 'AT_AddColumn') learnColumn(tables, table, def.ColumnDef, isReleased);
  if (subtype === 'AT_AlterColumnType' && def.ColumnDef.typeName) tables.types.set(column(table, name), typeText(def.ColumnDef.typeName));
}

function learnColumn(tables: Tables, table: string, { colname = '', typeName }: ColumnDef, isReleased: boolean): void {
  if (typeName) tables.types.set(column(table, colname), typeText(typeName));
  if (!isReleased) tables.freshColumns.add(column(table, colname));
}

/** Whether every value of one type is one of the other, without the table being written anew. */
export function isWider(from: string | undefined, to: string): boolean {
  if (from === undefined) return false;
  if (from === to) return true;
  const sized = /^(varchar|numeric)\((\d+)(?:,(\d+))?\)$/;
  const [, name, size, scale] = sized.exec(from) ?? [];
  if (name === 'varchar' && ['text', 'varchar'].includes(to)) return true;
  const [, toName, toSize, toScale] = sized.exec(to) ?? [];
  return name !== undefined && name === toName && scale === toScale && Number(toSize) >= Number(size);
}
