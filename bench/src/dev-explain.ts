import { readFileSync } from 'node:fs';
import { withClient, withDatabase } from '@mediai/db/admin';
const s = JSON.parse(readFileSync('/tmp/besides-suite/control.json', 'utf8'));
await withClient(s.parts.postgres.url, async (c) => { await c.query("select pg_terminate_backend(pid) from pg_stat_activity where datname='bench_growth_1000000'"); });
for (const size of [10000, 100000]) {
  const url = withDatabase(s.parts.postgres.url, `bench_growth_${size}`);
  await withClient(url, async (c) => {
    console.log(size, (await c.query("select count(*), count(*) filter (where etablissement_id=1) e1, count(*) filter (where etablissement_id=1 and (assigned_medecin is null or assigned_medecin=500)) m from fiche_consultation")).rows);
  });
}
process.exit(0);
