import type { EtablissementStore } from './etablissement-store.ts';
import type { Etablissement } from './etablissement.ts';

/** The établissement store without a database; `announced` holds what other services were told, in order. */
export function createMemoryEtablissements(): EtablissementStore & { announced: Etablissement[] } {
  const rows = new Map<number, Etablissement>();
  const announced: Etablissement[] = [];
  return {
    announced,
    find: async (id) => rows.get(id),
    all: async () => [...rows.values()],
    async ensure(wanted) {
      const row = rows.get(wanted.id);
      if (row && (row.telephoneUrgence !== null || wanted.telephoneUrgence === null)) return row;
      const written = row ? { ...row, telephoneUrgence: wanted.telephoneUrgence, version: row.version + 1 } : { ...wanted, version: 1 };
      rows.set(written.id, written);
      announced.push(written);
      return written;
    },
  };
}
