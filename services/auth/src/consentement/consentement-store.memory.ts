import { enCompte, rangDe } from '@mediai/kit/page';
import type { Acte } from '../audit/acte.ts';
import { createMemoryRunOnce } from '../idempotence/idempotence.memory.ts';
import type { ConsentementStore } from './consentement-store.ts';
import { etatDe, type Consentement } from './consentement.ts';

/** The consent store without a database; `exists` tells which accounts there are. */
export function createMemoryConsentements(exists: (userId: number) => boolean = () => true): ConsentementStore & { actes: Acte[] } {
  const rows: (Consentement & { userId: number })[] = [];
  const actes: Acte[] = [];
  const runOnce = createMemoryRunOnce();
  const of = (userId: number, finalite: string) => rows.filter((row) => row.userId === userId && row.finalite === finalite);
  const held = (userId: number, finalite: string) => of(userId, finalite).find(({ retireLe }) => retireLe === null);
  const shown = ({ userId: _user, ...consentement }: (typeof rows)[number]): Consentement => consentement;

  function add(row: Omit<(typeof rows)[number], 'id'>) {
    const added = { ...row, id: rows.length + 1 };
    rows.push(added);
    return added;
  }

  return {
    actes,
    async list(userId, page) {
      const found = rows.filter((row) => row.userId === userId).map(shown).reverse();
      const skip = rangDe(page);
      return { consentements: found.slice(skip, skip + page.pageSize), ...enCompte(found.length) };
    },
    async give({ userId, finalite, version, at }, acte, idempotence) {
      if (!exists(userId)) return undefined;
      return runOnce(idempotence, () => {
        const present = held(userId, finalite);
        if (present?.version === version) return shown(present);
        if (present) present.retireLe = at;
        const given = shown(add({ userId, finalite, version, accordeLe: at, retireLe: null }));
        actes.push(acte(given));
        return given;
      });
    },
    async withdraw({ userId, finalite, at }, acte) {
      const present = held(userId, finalite);
      if (!exists(userId) || (!present && of(userId, finalite).length > 0)) return;
      const row = present ?? add({ userId, finalite, version: '', accordeLe: null, retireLe: at });
      row.retireLe = at;
      actes.push(acte(shown(row)));
    },
    async state(userId, finalite) {
      return etatDe(of(userId, finalite));
    },
  };
}
