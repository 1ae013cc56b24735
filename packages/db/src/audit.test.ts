import { describe, expect, it } from '@jest/globals';
import { createAppendActes, createAppendLectures, type AuditEntry } from './audit.ts';
import type { SqlExecutor } from './sql-executor.ts';

const acte = (objetId: number): AuditEntry => ({ acteurId: 2, acteurRole: 'medecin', action: 'fiche.lire', objetType: 'fiche', objetId, issue: 'ok' });

/** What is run on it waits until `release`; a statement that holds the object 13 fails, one that holds 99 loses its connection. */
function openTable() {
  const statements: string[][] = [];
  let release = (): void => undefined;
  const sql: Pick<SqlExecutor, '$executeRawUnsafe'> = {
    async $executeRawUnsafe(_text, json) {
      const ids = (JSON.parse(json as string) as { objet_id: string }[]).map(({ objet_id: id }) => id);
      statements.push(ids);
      await new Promise<void>((resolve) => (release = resolve));
      if (ids.includes('13')) throw new Error('refused');
      if (ids.includes('99')) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
      return ids.length;
    },
  };
  return { statements, sql: sql as SqlExecutor, release: async () => { release(); for (let turn = 0; turn < 10; turn++) await Promise.resolve(); } };
}

describe('acts that are noted one by one', () => {
  it('go at once where none is under way, and together where one is; each is told when its row is there', async () => {
    const { statements, sql, release } = openTable();
    const noter = createAppendActes(sql);
    const written: number[] = [];
    const all = [1, 2, 3].map((id) => noter(acte(id)).then(() => written.push(id)));
    expect(statements).toEqual([['1']]);
    await release();
    expect([statements, written]).toEqual([[['1'], ['2', '3']], [1]]);
    await release();
    await Promise.all(all);
    expect(written).toEqual([1, 2, 3]);
  });

  it('fail alone, not with those beside them', async () => {
    const { statements, sql, release } = openTable();
    const noter = createAppendActes(sql);
    const outcomes = Promise.all([1, 12, 13, 14].map((id) => noter(acte(id)).then(() => 'written', () => 'failed')));
    for (let turn = 0; turn < 5; turn++) await release();
    expect(await outcomes).toEqual(['written', 'written', 'failed', 'written']);
    expect(statements).toEqual([['1'], ['12', '13', '14'], ['12'], ['13'], ['14']]);
  });

  it('are not written again where the connection went with the answer: they may be there', async () => {
    const { statements, sql, release } = openTable();
    const noter = createAppendActes(sql);
    const outcomes = Promise.all([1, 98, 99].map((id) => noter(acte(id)).then(() => 'written', () => 'failed')));
    for (let turn = 0; turn < 3; turn++) await release();
    expect(await outcomes).toEqual(['written', 'failed', 'failed']);
    expect(statements).toEqual([['1'], ['98', '99']]);
  });
});

describe('a page that was shown', () => {
  const lecture = { acteurId: 2, acteurRole: 'medecin', action: 'fiche.lister', objetType: 'fiche' };
  const page = [1, 2].map((id) => ({ id, etablissementId: 1 }));
  /** Of what is asked it writes those that are not `present`. */
  function open(present: string[]) {
    const asked: string[] = [];
    const sql = {
      async $queryRawUnsafe(_text: string, ...params: unknown[]) {
        const ids = String(params[6]).slice(1, -1).split(',');
        asked.push(ids.join());
        return ids.filter((id) => !present.includes(id)).map((id) => ({ id }));
      },
    } as unknown as SqlExecutor;
    let at = 1_000;
    return { asked, noter: createAppendLectures(sql, () => at), later: (ms: number) => void (at += ms) };
  }

  it('asks nobody again for the hour in which its rows count', async () => {
    const { asked, noter, later } = open([]);
    await noter(lecture, page);
    later(3_599_999);
    await noter(lecture, page);
    await noter({ ...lecture, acteurId: 3 }, page);
    expect(asked).toEqual(['1,2', '1,2']);
    later(1);
    await noter(lecture, page);
    expect(asked).toHaveLength(3);
  });

  it('asks again for what somebody else had written, whose hour is not known', async () => {
    const { asked, noter } = open(['2']);
    await noter(lecture, page);
    await noter(lecture, page);
    expect(asked).toEqual(['1,2', '2']);
  });
});
