import { enCompte, rangDe } from '@mediai/kit/page';
import type { Acte } from '../audit/acte.ts';
import { createMemoryRunOnce } from '../idempotence/idempotence.memory.ts';
import type { EtablissementStore } from './etablissement-store.ts';
import type { Etablissement } from './etablissement.ts';

export type MemoryEtablissements = EtablissementStore & {
  /** What other services were told, in order. */
  announced: Etablissement[];
  actes: Acte[];
};

/** The établissement store without a database; `isUsed` tells whether an account belongs to one. */
export function createMemoryEtablissements(isUsed: (id: number) => boolean = () => false): MemoryEtablissements {
  const rows = new Map<number, Etablissement>();
  const announced: Etablissement[] = [];
  const actes: Acte[] = [];
  const runOnce = createMemoryRunOnce();
  let nextId = 2;
  const all = (): Etablissement[] => [...rows.values()].sort((a, b) => a.id - b.id);

  function write(etablissement: Etablissement): Etablissement {
    rows.set(etablissement.id, etablissement);
    announced.push(etablissement);
    return etablissement;
  }

  return {
    announced,
    actes,
    find: async (id) => rows.get(id),
    all: async () => all(),
    async list({ id, ...page }) {
      const found = all().filter((row) => id === undefined || row.id === id);
      const skip = rangDe(page);
      return { etablissements: found.slice(skip, skip + page.pageSize), ...enCompte(found.length) };
    },
    async ensure(wanted) {
      const row = rows.get(wanted.id);
      if (row && (row.telephoneUrgence !== null || wanted.telephoneUrgence === null)) return row;
      return write(row ? { ...row, telephoneUrgence: wanted.telephoneUrgence, version: row.version + 1 } : { ...wanted, textes: {}, version: 1 });
    },
    async create(settings, acte, idempotence) {
      return runOnce(idempotence, () => {
        const created = write({ ...settings, id: nextId++, version: 1 });
        actes.push(acte(created));
        return created;
      });
    },
    async change(id, decide) {
      const present = rows.get(id);
      const change = present && decide(present);
      if (!change) return present;
      actes.push(change.acte);
      return write({ ...change.etablissement, version: present.version + 1 });
    },
    async delete(id, _at, acte) {
      if (!rows.has(id)) return 'introuvable';
      if (isUsed(id)) return 'utilise';
      rows.delete(id);
      actes.push(acte);
      return 'supprime';
    },
  };
}
