import type { AlterEnumStmt, AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, DeleteStmt, DropStmt, IndexStmt, Node, RenameStmt } from 'libpg-query';
import type { Statement } from './statements.ts';
import { column, isWider, typeText, type Tables } from './tables.ts';

/**
 * What stands against a statement while the previous release still runs on the same database.
 * `contract`: allowed to a statement whose comment names the release that stopped using what it takes away or narrows.
 * `never`: there is another way, which the words name. `alone`: only as the one statement of its migration.
 */
export type Objection = { needs: 'contract' | 'never' | 'alone'; words: string };

const contract = (words: string): Objection[] => [{ needs: 'contract', words }];
const never = (words: string): Objection[] => [{ needs: 'never', words }];
const fine: Objection[] = [];

/** The objections to one statement of a migration that no release has yet (docs/migrations.md says why). */
export function objectionsTo({ kind, node }: Statement, tables: Tables): Objection[] {
  const rule = rules[kind];
  return rule ? rule(node as never, tables) : fine;
}

const rules: Record<string, (node: never, tables: Tables) => Objection[]> = {
  AlterTableStmt: ({ relation, cmds = [], objtype }: AlterTableStmt, tables) => {
    const table = relation?.relname ?? '';
    if (objtype !== 'OBJECT_TABLE' || tables.freshTables.has(table)) return fine;
    return cmds.flatMap((one) => alter(table, (one as { AlterTableCmd: AlterTableCmd }).AlterTableCmd, tables));
  },
  DropStmt: ({ removeType = 'OBJECT_TABLE', objects = [] }: DropStmt, tables) => {
    const names = objects.map(nameOf);
    if (removeType === 'OBJECT_TABLE' && names.every((name) => tables.freshTables.has(name))) return fine;
    return contract(`drops ${removeType.replace('OBJECT_', '').toLowerCase()} ${names.join(', ')}`);
  },
  RenameStmt: ({ relation, subname, newname }: RenameStmt, tables) =>
    tables.freshTables.has(relation?.relname ?? '') ? fine : never(`renames ${[relation?.relname, subname].filter(Boolean).join('.')} to ${newname}: add the new one, write both, and drop the old one releases later`),
  AlterObjectSchemaStmt: () => never('moves an object to another schema: add a new one there'),
  AlterEnumStmt: ({ oldVal, newVal }: AlterEnumStmt) => (oldVal ? never(`renames the value ${oldVal} to ${newVal}: add the new value and write both meanings for a release`) : fine),
  IndexStmt: (index: IndexStmt, tables) => indexObjections(index, tables),
  TruncateStmt: () => contract('empties a table'),
  DeleteStmt: ({ whereClause, relation }: DeleteStmt, tables) => (whereClause || tables.freshTables.has(relation?.relname ?? '') ? fine : contract(`empties ${relation?.relname}`)),
  DoStmt: () => contract('runs a block of code, which these rules cannot read: write plain statements'),
};

function nameOf(object: Node): string {
  const parts = 'List' in object ? (object.List.items ?? []) : 'ObjectWithArgs' in object ? (object.ObjectWithArgs.objname ?? []) : 'TypeName' in object ? (object.TypeName.names ?? []) : [object];
  return parts.map((part) => ('String' in part ? part.String.sval : '')).join('.');
}

function alter(table: string, { subtype = 'AT_AddColumn', name = '', def }: AlterTableCmd, tables: Tables): Objection[] {
  const at = column(table, name);
  const isFresh = tables.freshColumns.has(at);
  switch (subtype) {
    case 'AT_AddColumn':
      return def && 'ColumnDef' in def ? addColumn(table, def.ColumnDef) : fine;
    case 'AT_DropColumn':
      return isFresh ? fine : contract(`drops ${at}`);
    case 'AT_AlterColumnType': {
      const type = def && 'ColumnDef' in def && def.ColumnDef.typeName ? typeText(def.ColumnDef.typeName) : '';
      const from = tables.types.get(at);
      return isFresh || isWider(from, type) ? fine : never(`makes ${at}, which is ${from ?? 'of a type not known here'}, a ${type}: add a column of the new type and move to it over releases`);
    }
    case 'AT_SetNotNull':
      return contract(`lets ${at} be null no longer, so that a release which leaves it out fails`);
    case 'AT_ColumnDefault':
      return def || isFresh ? fine : contract(`takes the default of ${at} away, so that a release which leaves it out fails`);
    case 'AT_AddConstraint':
      return def && 'Constraint' in def ? addConstraint(table, def.Constraint, tables) : fine;
    case 'AT_DropConstraint':
      return contract(`drops the constraint ${name} of ${table}, which an ON CONFLICT of the previous release may name`);
    case 'AT_DropNotNull':
    case 'AT_ValidateConstraint':
    case 'AT_SetStatistics':
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
    case 'AT_SetOptions':
    case 'AT_ReplicaIdentity':
      return fine;
    default:
      return contract(`does ${subtype} to ${table}, of which these rules know nothing`);
  }
}

/** Defaults that PostgreSQL keeps beside the table, instead of writing every row of it anew. */
const steadyFunctions = ['now', 'transaction_timestamp', 'statement_timestamp'];

function addColumn(table: string, { colname = '', typeName, constraints = [] }: ColumnDef): Objection[] {
  const at = column(table, colname);
  const all = constraints.map((one) => (one as { Constraint: Constraint }).Constraint);
  const has = (type: Constraint['contype']): boolean => all.some(({ contype }) => contype === type);
  const value = all.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr;
  const isNumbered = /serial\d?$/.test(typeName ? typeText(typeName) : '') || has('CONSTR_IDENTITY') || has('CONSTR_GENERATED');
  const isComputed = value !== undefined && functionsIn(value).some((name) => !steadyFunctions.includes(name));
  return [
    ...(has('CONSTR_NOTNULL') && value === undefined && !isNumbered ? never(`adds ${at}, which must not be null and has no default: the previous release writes rows without it`) : fine),
    ...(isNumbered || isComputed ? never(`adds ${at} with a value for each row, so that the whole table is written anew under a lock: add it empty, fill it in steps`) : fine),
    ...(has('CONSTR_UNIQUE') || has('CONSTR_PRIMARY') ? never(`adds ${at} with an index built under a lock: add the column, then CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own`) : fine),
  ];
}

function addConstraint(table: string, constraint: Constraint, tables: Tables): Objection[] {
  const { contype, conname, skip_validation: isUnchecked, indexname } = constraint;
  const what = `the constraint ${conname ?? ''} of ${table}`;
  const builds = contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_EXCLUSION';
  const concerned = [...names(constraint.fk_attrs), ...names(constraint.keys), ...columnsIn(constraint.raw_expr)];
  const tightens = concerned.length === 0 || concerned.some((name) => !tables.freshColumns.has(column(table, name)));
  return [
    ...(builds && !indexname ? never(`builds the index of ${what} under a lock: CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX`) : fine),
    ...(!builds && !isUnchecked ? never(`checks ${what} on every row under a lock: add it NOT VALID, and VALIDATE CONSTRAINT in a later migration`) : fine),
    ...(tightens ? contract(`adds ${what}, which writes of the previous release may not keep`) : fine),
  ];
}

function indexObjections({ idxname, relation, concurrent, unique, indexParams = [] }: IndexStmt, tables: Tables): Objection[] {
  const table = relation?.relname ?? '';
  if (tables.freshTables.has(table)) return fine;
  const concerned = indexParams.flatMap((one) => ('IndexElem' in one ? [one.IndexElem.name ?? ''] : []));
  const tightens = unique && !concerned.some((name) => tables.freshColumns.has(column(table, name)));
  return [
    ...(concurrent ? ([{ needs: 'alone', words: `builds ${idxname} concurrently, which no transaction can hold` }] satisfies Objection[]) : never(`builds ${idxname} while nothing can be written to ${table}: CREATE INDEX CONCURRENTLY, in a migration of its own`)),
    ...(tightens ? contract(`lets ${idxname} refuse what the previous release may write to ${table}`) : fine),
  ];
}

const names = (list: Node[] = []): string[] => list.flatMap((one) => ('String' in one ? [one.String.sval ?? ''] : []));
const columnsIn = (expression: unknown): string[] => collect(expression, 'ColumnRef').flatMap((one) => names((one as { fields?: Node[] }).fields).slice(-1));
const functionsIn = (expression: unknown): string[] => collect(expression, 'FuncCall').flatMap((one) => names((one as { funcname?: Node[] }).funcname).slice(-1));

/** Every node of one kind inside an expression. */
function collect(value: unknown, kind: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => collect(one, kind));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(key === kind ? [inner] : []), ...collect(inner, kind)]);
}
