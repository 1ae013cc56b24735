import { describe, expect, it } from '@jest/globals';
import { TextDecoder } from 'node:util';
import { J, useService } from '../rpc.memory.ts';
import { lirePdf } from './dessin/lire-pdf.memory.ts';

const rig = useService();

/** A document as it comes: its heading, its bytes, the longest piece. */
async function imprimer(id: number, token: string) {
  let entete: { nom: string; typeMime: string; taille?: bigint } | undefined;
  const morceaux: Uint8Array[] = [];
  for await (const { contenu } of await rig.suite.documents.exportPdf({ id }, { token })) {
    if (contenu.case === 'entete') entete = contenu.value;
    if (contenu.case === 'octets') morceaux.push(contenu.value);
  }
  return { entete, octets: Buffer.concat(morceaux), plusLong: Math.max(...morceaux.map(({ length }) => length)) };
}
const jetonDe = async (octets: Uint8Array): Promise<string> => (await lirePdf(octets)).liens[0]!.split('/').at(-2)!;

describe('a printed fiche, over the real service', () => {
  it('is streamed as a file, drawn by a worker, noted before its first byte, and verified without a token', async () => {
    const { id, numeroDossier } = await rig.creer({ motif_consultation: 'Canaritoux', postnom: 'Mukɛndi' });
    const { entete, octets, plusLong } = await imprimer(id, J.medecin);
    expect(entete).toMatchObject({ nom: `fiche_${numeroDossier}.pdf`, typeMime: 'application/pdf', taille: BigInt(octets.length) });
    expect(plusLong).toBeLessThanOrEqual(64 * 1024);
    expect(new TextDecoder().decode(octets.subarray(0, 8))).toBe('%PDF-1.7');
    expect(await rig.sql(`SELECT acteur_id, action FROM audit WHERE objet_id = '${id}' AND acteur_id = 2`)).toEqual([{ acteur_id: 2, action: 'fiche.exporter_pdf' }]);

    const jeton = await jetonDe(octets);
    expect(await rig.suite.documents.verifyDocument({ jeton })).toMatchObject({ statut: 'authentique' });
    expect(Buffer.compare((await imprimer(id, J.medecin)).octets, octets)).toBe(0);
    await rig.suite.client.editDiagnostic({ id, textes: { diagnostic: 'Autre' } }, { token: J.medecin });
    expect(await rig.suite.documents.verifyDocument({ jeton })).toMatchObject({ statut: 'revoque' });
    await expect(rig.suite.documents.verifyDocument({ jeton: 'a'.repeat(32) })).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('leaves neither its code nor anything of the patient in a log line, a span, a metric or the table', async () => {
    const { id } = await rig.creer({ nom: 'Canarialogue', motif_consultation: 'Canaritose' });
    const jeton = await jetonDe((await imprimer(id, J.patiente)).octets);
    await rig.suite.documents.verifyDocument({ jeton });
    const table = await rig.sql('SELECT * FROM document_verification');
    const dit = [...rig.suite.lines, JSON.stringify(rig.spans.getFinishedSpans().map(({ name, attributes, events }) => [name, attributes, events])), await rig.suite.metrics.registry.metrics(), JSON.stringify(table, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value))].join('\n');
    for (const mot of [jeton, 'Canari']) expect(dit).not.toContain(mot);
    expect(dit).toContain('documents_total{issue="dessine"');
  });

  it('is given as data with all that lies beside it, in one call', async () => {
    const { id, numeroDossier } = await rig.creer({}, { assignedMedecin: 2 });
    await rig.suite.dossier.createReference({ fiche: id, reference: { title: 'Guide' } }, { token: J.medecin });
    await rig.suite.dossier.createFicheMessage({ fiche: id, content: 'Bonjour' }, { token: J.patiente });
    await rig.suite.dossier.createLabResult({ fiche: id, result: { typeAnalyse: 'NFS', valeur: '1', datePrelevement: '2026-11-01' } }, { token: J.medecin });
    const dossier = await rig.suite.documents.getDossier({ id }, { token: J.patiente });
    expect(dossier).toMatchObject({ fiche: { id, numeroDossier }, messages: [{ content: 'Bonjour' }], references: [{ title: 'Guide' }], labResults: [{ typeAnalyse: 'NFS' }], attachments: [] });
    expect(dossier.fiche?.signesAlerte).toEqual([]);
    await expect(rig.suite.documents.getDossier({ id }, { token: J.autre })).rejects.toMatchObject({ kind: 'not_found' });
    await rig.suite.documents.getDossier({ id }, { token: J.medecin });
    expect(await rig.sql(`SELECT action FROM audit WHERE objet_id = '${id}' AND acteur_id = 2 ORDER BY id DESC LIMIT 1`)).toEqual([{ action: 'fiche.exporter_json' }]);
  });

  it('is refused before its first byte to who may not read the fiche', async () => {
    const { id } = await rig.creer({}, { assignedMedecin: 2 });
    await expect(imprimer(id, J.autre)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(imprimer(id, J.confrere)).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await expect(imprimer(id, J.ia)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(rig.suite.documents.exportPdf({ id })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('is revoked once under an Idempotency-Key', async () => {
    const { id } = await rig.creer();
    const jeton = await jetonDe((await imprimer(id, J.patiente)).octets);
    const revoquer = (token: string) => rig.suite.documents.revokeVerifications({ id }, { token, idempotencyKey: 'une-fois' });
    expect(await revoquer(J.medecin)).toMatchObject({ revoques: 1 });
    expect(await revoquer(J.medecin)).toMatchObject({ revoques: 1 });
    await expect(revoquer(J.patiente)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await rig.suite.documents.verifyDocument({ jeton })).toMatchObject({ statut: 'revoque' });
    expect(await rig.sql(`SELECT count(*)::int AS n FROM audit WHERE objet_id = '${id}' AND action = 'fiche.revoquer_documents' AND issue = 'ok'`)).toEqual([{ n: 1 }]);
  });
});
