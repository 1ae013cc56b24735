import { describe, expect, it } from '@jest/globals';
import { J, useService } from './rpc.memory.ts';

const rig = useService();
const temoin = 'mot témoin ornithoryncal';
let numero = 0;

/** A fiche of a phone of its own. */
async function fiche(): Promise<{ id: number; telephone: string }> {
  const telephone = `+2439700003${String(++numero).padStart(2, '0')}`;
  return { id: (await rig.creer({ telephone })).id, telephone };
}
const prendre = (telephoneE164: string, sourceId: string, token = J.notifications) => rig.suite.entrants.takeInboundMessage({ telephoneE164, contenu: `La fièvre est revenue, ${temoin}.`, sourceId }, { token });

describe('a message that came in', () => {
  it('brought six times at once is one message and one act', async () => {
    const { id, telephone } = await fiche();
    const recus = await Promise.all(Array.from({ length: 6 }, () => prendre(telephone, 'SM-six')));
    expect(new Set(recus.map(({ messageId }) => messageId)).size).toBe(1);
    expect(recus[0]).toMatchObject({ ficheId: id, userId: 1, etablissementId: 1 });
    expect(await rig.sql(`SELECT author, source_id FROM fiche_message WHERE fiche = ${id}`)).toEqual([{ author: 1, source_id: 'SM-six' }]);
    expect(await rig.sql(`SELECT acteur_role FROM audit WHERE action = 'fiche.recevoir_message' AND objet_id = '${id}'`)).toEqual([{ acteur_role: 'service:notifications' }]);
  });

  it('is the same one also when its phone leads elsewhere by then', async () => {
    const { id, telephone } = await fiche();
    const { messageId } = await prendre(telephone, 'SM-plus-tard');
    await rig.creer({ telephone });
    expect(await prendre(telephone, 'SM-plus-tard')).toMatchObject({ ficheId: id, messageId });
  });

  it('is for notifications to bring, and tells nobody else whether a phone is known', async () => {
    const { telephone } = await fiche();
    for (const token of [J.patiente, J.medecin, J.admin, J.ia]) {
      for (const phone of [telephone, '+243970009999']) await expect(prendre(phone, 'SM-x', token)).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.refuse' });
    }
    await expect(prendre('+243970009999', 'SM-y')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('leaves neither text nor phone in logs, spans, metrics or events', async () => {
    const outbox = await rig.sql<{ payload: Buffer | null }>('SELECT payload FROM outbox');
    const kept = [rig.suite.lines.join(''), JSON.stringify(rig.spans.getFinishedSpans().map(({ name, attributes, events }) => [name, attributes, events])), await rig.suite.metrics.registry.metrics(), outbox.map(({ payload }) => payload?.toString('latin1')).join('')];
    for (const text of kept) expect(text).not.toMatch(/ornithoryncal|2439700003/);
  });
});
