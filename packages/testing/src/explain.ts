import { sessionOptions } from '@mediai/db';
import { withClient } from '@mediai/db/admin';

type Noeud = { 'Node Type': string; 'Index Name'?: string; 'Actual Rows': number; 'Actual Loops': number; 'Rows Removed by Filter'?: number; 'Rows Removed by Index Recheck'?: number; Plans?: Noeud[] };

/** `lues`: rows that the scans read; `chemins`: the indexes they went by; `entieres`: tables that were read from end to end. */
export type Plan = { lues: number; chemins: string[]; entieres: string[] };

/** The same address, whose sessions have the settings of the services'. */
export function asServices(url: string): string {
  const address = new URL(url);
  address.searchParams.set('options', sessionOptions);
  return address.href;
}

/**
 * Runs a query as the services do and tells how it was answered.
 * @param url the owner's, or the app's
 */
export async function explain(url: string, text: string, values: readonly unknown[] = []): Promise<Plan> {
  const plan = await withClient(asServices(url), async (client) => (await client.query<{ 'QUERY PLAN': [{ Plan: Noeud }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values as unknown[])).rows[0]!['QUERY PLAN'][0].Plan);
  const noeuds: Noeud[] = [];
  for (const reste = [plan]; reste.length > 0; ) {
    const noeud = reste.pop()!;
    noeuds.push(noeud);
    reste.push(...(noeud.Plans ?? []));
  }
  const scans = noeuds.filter((noeud) => noeud['Node Type'].includes('Scan') && noeud['Node Type'] !== 'Subquery Scan');
  const lues = scans.reduce((somme, noeud) => somme + (noeud['Actual Rows'] + (noeud['Rows Removed by Filter'] ?? 0) + (noeud['Rows Removed by Index Recheck'] ?? 0)) * noeud['Actual Loops'], 0);
  return { lues, chemins: scans.flatMap((noeud) => noeud['Index Name'] ?? []).sort(), entieres: scans.filter((noeud) => noeud['Node Type'] === 'Seq Scan').map(String) };
}
