import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { inspect } from 'node:util';
import { enPieces, HTML, PDF } from './fichier/fichiers.memory.ts';
import { J, useService } from './rpc.memory.ts';

const rig = useService();
const page = { page: 1, pageSize: 100 };

type Messages = Parameters<typeof rig.suite.attachments.createAttachment>[0];
type Formulaire = { fiche: number; kind?: string; note?: string };

async function* envoi(formulaire: Formulaire | undefined, octets: Uint8Array = PDF, nom = 'Ordonnance.pdf'): AsyncGenerator<object> {
  yield { contenu: { case: 'entete', value: { nom } } };
  for await (const piece of enPieces(octets, 20)) yield { contenu: { case: 'octets', value: piece } };
  if (formulaire) yield { contenu: { case: 'formulaire', value: formulaire } };
}
const joindre = (messages: AsyncIterable<object>, options: object = { token: J.patiente }) => rig.suite.attachments.createAttachment(messages as Messages, options);
const surDisque = (): string[] => readdirSync(rig.suite.fichiers, { recursive: true, withFileTypes: true }).filter((un) => !un.isDirectory()).map(({ name }) => name);
const etats = () => rig.sql<{ id: string; etat: string }>('SELECT id::text, etat FROM fichier ORDER BY created_at');

describe('an attachment', () => {
  it('goes up in pieces, is listed with who uploaded it, and comes down again as it was', async () => {
    const { id: fiche } = await rig.creer();
    const { attachment } = await joindre(envoi({ fiche, kind: 'prescription', note: 'De mars' }, PDF, '../../Ordonnance.exe'));
    expect(attachment).toMatchObject({ fiche, kind: 'prescription', note: 'De mars', uploadedBy: 1, nom: 'Ordonnance.exe.pdf', typeMime: 'application/pdf', taille: BigInt(PDF.byteLength), extension: 'pdf' });
    const { attachments, count } = await rig.suite.attachments.listAttachments({ fiche, ...page }, { token: J.medecin });
    expect([attachments.map(({ id }) => id), count]).toEqual([[attachment?.id], 1]);
    const pieces: Uint8Array[] = [];
    let entete: unknown;
    for await (const { contenu } of await rig.suite.attachments.downloadAttachment({ id: attachment?.id }, { token: J.medecin })) {
      if (contenu.case === 'entete') entete = contenu.value;
      if (contenu.case === 'octets') pieces.push(contenu.value);
    }
    expect(entete).toMatchObject({ nom: 'Ordonnance.exe.pdf', typeMime: 'application/pdf', taille: BigInt(PDF.byteLength) });
    expect(Buffer.concat(pieces).equals(PDF)).toBe(true);
    expect(surDisque()).toHaveLength(1);
    const actes = await rig.sql<{ action: string }>(`SELECT action FROM audit WHERE objet_id = '${fiche}' AND issue = 'ok' ORDER BY id`);
    expect(actes.map(({ action }) => action)).toEqual(['fiche.creer', 'fiche.joindre', 'fiche.lister_attachments', 'fiche.telecharger_attachment']);
  });

  it('under a key is put once', async () => {
    const { id: fiche } = await rig.creer();
    const idempotencyKey = randomUUID();
    const [premiere, seconde] = [await joindre(envoi({ fiche }), { token: J.patiente, idempotencyKey }), await joindre(envoi({ fiche }), { token: J.patiente, idempotencyKey })];
    expect([premiere.replayed, seconde.replayed, seconde.attachment?.id]).toEqual([false, true, premiere.attachment?.id]);
    await expect(joindre(envoi({ fiche, note: 'autre' }), { token: J.patiente, idempotencyKey })).rejects.toMatchObject({ kind: 'unprocessable' });
    expect((await rig.suite.attachments.listAttachments({ fiche, ...page }, { token: J.patiente })).count).toBe(1);
  });

  it('a fiche holds a hundred, deleted ones included', async () => {
    const { id: fiche } = await rig.creer();
    const { attachment } = await joindre(envoi({ fiche }));
    await rig.sql(`WITH faux AS (INSERT INTO fichier (id, etablissement_id, etat, nom, type_mime, extension, taille, sha256) SELECT gen_random_uuid(), 1, 'garde', 'a.pdf', 'application/pdf', 'pdf', 1, decode(repeat('00', 32), 'hex') FROM generate_series(1, 99) RETURNING id)
      INSERT INTO attachment (fiche, fichier, etablissement_id, deleted_at) SELECT ${fiche}, id, 1, now() FROM faux`);
    await expect(joindre(envoi({ fiche }))).rejects.toMatchObject({ code: 'attachment.trop_nombreux' });
    expect((await rig.suite.attachments.listAttachments({ fiche, ...page }, { token: J.patiente })).attachments.map(({ id }) => id)).toEqual([attachment?.id]);
  });

  it('that comes to nothing leaves neither bytes nor a row, however it ends', async () => {
    const { id: fiche } = await rig.creer();
    const avant = [surDisque(), await etats()];
    await expect(joindre(envoi({ fiche }, HTML))).rejects.toMatchObject({ code: 'fichier.type_refuse', fields: { file: [expect.any(String)] } });
    await expect(joindre(envoi({ fiche: 2_147_483_647 }))).rejects.toMatchObject({ kind: 'not_found' });
    await expect(joindre(envoi(undefined))).rejects.toMatchObject({ code: 'fichier.envoi_incomplet' });
    await expect(joindre(envoi({ fiche }, Buffer.concat([PDF, Buffer.alloc(300_000)])), { token: J.autre })).rejects.toMatchObject({ kind: 'not_found' });
    await expect(joindre(envoi({ fiche }), { token: J.enAttente })).rejects.toMatchObject({ code: 'compte.en_attente' });
    const coupe = (async function* () {
      let pieces = 0;
      for await (const message of envoi({ fiche }, Buffer.concat([PDF, Buffer.alloc(50_000)]))) {
        if ((pieces += 1) > 500) throw new Error('the line was cut');
        yield message;
      }
    })();
    await expect(joindre(coupe)).rejects.toBeInstanceOf(Error);
    for (let limite = Date.now() + 5_000; surDisque().length !== avant[0]?.length && Date.now() < limite; ) await new Promise((suite) => setTimeout(suite, 20));
    expect([surDisque(), await etats()]).toEqual(avant);
  });

  it('whose process was killed in the middle is swept after an hour', async () => {
    const { id: fiche } = await rig.creer();
    const { attachment } = await joindre(envoi({ fiche }));
    const id = randomUUID();
    await rig.sql(`INSERT INTO fichier (id, etablissement_id, etat, created_at) VALUES ('${id}', 1, 'en_cours', now() - interval '61 minutes')`);
    await rig.suite.depot.ecrire(`fichiers/${id}`, enPieces(PDF));
    expect(await rig.suite.deps.sweepFichiers()).toBe(1);
    expect(surDisque()).not.toContain(id);
    expect((await etats()).map((un) => un.id)).not.toContain(id);
    expect((await rig.suite.attachments.getAttachment({ id: attachment?.id }, { token: J.patiente })).attachment?.fiche).toBe(fiche);
  });

  it('costs as many queries in a list of one as in one of many', async () => {
    const { id: fiche } = await rig.creer();
    const requetes = async () => {
      rig.spans.reset();
      await rig.suite.attachments.listAttachments({ fiche, ...page }, { token: J.patiente });
      return rig.spans.getFinishedSpans().filter(({ attributes }) => 'db.operation.name' in attributes).length;
    };
    await joindre(envoi({ fiche }));
    const une = await requetes();
    for (let i = 0; i < 5; i++) await joindre(envoi({ fiche }));
    expect(await requetes()).toBe(une);
  });

  it('is in no log and no span: neither its name nor what was said of it', async () => {
    const { id: fiche } = await rig.creer();
    await joindre(envoi({ fiche, note: 'Tshibangu Zoé' }, PDF, 'Tshibangu.pdf'));
    await expect(joindre(envoi({ fiche, note: 'Tshibangu Zoé' }, HTML, 'Tshibangu.pdf'))).rejects.toBeDefined();
    expect(rig.suite.lines.join('')).not.toContain('Tshibangu');
    expect(inspect(rig.spans.getFinishedSpans().map(({ name, attributes, events }) => ({ name, attributes, events })), { depth: 8 })).not.toContain('Tshibangu');
  });
});

describe('changing and deleting an attachment', () => {
  it('is done with its act, by who may, and the bytes of a deleted one stay', async () => {
    const { id: fiche } = await rig.creer();
    const { attachment } = await joindre(envoi({ fiche }));
    const id = attachment?.id ?? 0;
    const change = await rig.suite.attachments.updateAttachment({ id, note: 'Après', kind: 'scan' }, { token: J.patiente });
    expect(change.attachment).toMatchObject({ id, note: 'Après', kind: 'scan' });
    expect((await rig.suite.attachments.updateAttachment({ id, note: '' }, { token: J.medecin })).attachment).toMatchObject({ kind: 'scan' });
    await expect(rig.suite.attachments.updateAttachment({ id, kind: 'virus' }, { token: J.medecin })).rejects.toMatchObject({ fields: { kind: [expect.any(String)] } });
    await rig.suite.attachments.deleteAttachment({ id }, { token: J.patiente });
    await expect(rig.suite.attachments.getAttachment({ id }, { token: J.patiente })).rejects.toMatchObject({ code: 'attachment.introuvable' });
    await expect(rig.suite.attachments.downloadAttachment({ id }, { token: J.patiente })).rejects.toMatchObject({ code: 'attachment.introuvable' });
    expect((await rig.suite.attachments.listAttachments({ fiche, ...page }, { token: J.patiente })).count).toBe(0);
    const actes = await rig.sql<{ action: string }>(`SELECT action FROM audit WHERE objet_id = '${fiche}' AND issue = 'ok' ORDER BY id DESC LIMIT 2`);
    expect(actes.map(({ action }) => action)).toEqual(['fiche.supprimer_attachment', 'fiche.modifier_attachment']);
  });

  it('goes with the fiche: of a deleted one nothing is listed, read or written', async () => {
    const { id: fiche } = await rig.creer();
    const { attachment } = await joindre(envoi({ fiche }));
    await rig.suite.client.deleteFiche({ id: fiche }, { token: J.patiente });
    await expect(rig.suite.attachments.getAttachment({ id: attachment?.id }, { token: J.patiente })).rejects.toMatchObject({ kind: 'not_found' });
    const { attachments } = await rig.suite.attachments.listAttachments(page, { token: J.patiente });
    expect(attachments.map((un) => un.fiche)).not.toContain(fiche);
  });
});
