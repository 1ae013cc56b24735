import { parse, type Node } from 'libpg-query';

export type Statement = {
  /** `AlterTableStmt`, `IndexStmt` …: PostgreSQL's own name of what it is. */
  kind: string;
  node: Node;
  /** Line in the file on which it begins, from 1. */
  line: number;
  /** What the comment right before it says of the release that stopped using what it takes away. */
  contract: { service: string; version: string } | undefined;
};

const directive = /^--\s*contract:\s*([a-z]+)@(\d+\.\d+\.\d+)\b/m;

/** The statements of a migration as PostgreSQL 18 itself parses them. @throws Error for SQL that it would not take */
export async function readStatements(sql: string): Promise<Statement[]> {
  const bytes = Buffer.from(sql); // positions are told in bytes
  const { stmts = [] } = await parse(sql);
  let end = 0;
  return stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    const before = bytes.subarray(end, start).toString();
    end = length ? start + length : bytes.length;
    if (!stmt) return [];
    const [kind, node] = Object.entries(stmt)[0] as [string, Node];
    // Depending on where a comment stands, the parser counts it to the statement or to what lies before.
    const own = /^(\s|--.*(\n|$)|\/\*[\s\S]*?\*\/)*/.exec(bytes.subarray(start, end).toString())?.[0] ?? '';
    const found = directive.exec(`${before}${own}`);
    const line = bytes.subarray(0, start).toString().split('\n').length + own.split('\n').length - 1;
    return [{ kind, node, line, contract: found ? { service: found[1]!, version: found[2]! } : undefined }];
  });
}
