/** What is served and not in the table, and what is in the table and not served; both empty when they agree. */
export function compareLists(served: readonly string[], table: readonly string[]): { sansLigne: string[]; deTrop: string[] } {
  const [all, lines] = [new Set(served), new Set(table)];
  return { sansLigne: [...all].filter((one) => !lines.has(one)).toSorted(), deTrop: [...lines].filter((one) => !all.has(one)).toSorted() };
}

type Schema = { paths: Record<string, Record<string, unknown>> };
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation of an OpenAPI document as `GET /path/{id}/`. */
export const operationsOf = ({ paths }: Schema): string[] =>
  Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).filter((method) => METHODS.includes(method)).map((method) => `${method.toUpperCase()} ${path}`));

/** Every method that a proto file declares, as `AuthService.GetMe`. */
export function methodsOf(proto: string): string[] {
  return [...proto.matchAll(/^service (\w+) \{([\s\S]*?)^\}/gm)].flatMap(([, service, body = '']) => [...body.matchAll(/^\s*rpc (\w+)\s*\(/gm)].map(([, method]) => `${service}.${method}`));
}
