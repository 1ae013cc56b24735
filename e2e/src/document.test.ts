import { describe, expect, it } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { call, loginMedecin, registerPatient } from './client.ts';
import { analysedFiche, createFiche, validateFiche } from './fiche.ts';
import { gatewayUrl } from './suite.ts';

interface Download {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

async function download(path: string, token: string): Promise<Download> {
  const response = await fetch(`${gatewayUrl()}${path}`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(60_000) });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** The address behind a PDF's code: that of its link annotations, which stand in the file in plain. */
function addressOf(pdf: Buffer): string {
  const addresses = new Set([...pdf.toString('latin1').matchAll(/\/URI \((http[^)]+)\)/g)].map(([, address]) => address!));
  if (addresses.size !== 1) throw new Error(`the PDF has ${addresses.size} addresses`);
  return [...addresses][0]!;
}

/** How much a PDF draws, unpacked: its text is in glyphs of the document's own font, and is read in the tests of consultation. */
const drawn = (pdf: Buffer): number => [...pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].reduce((sum, [, stream]) => sum + unpacked(Buffer.from(stream!, 'latin1')), 0);

function unpacked(stream: Buffer): number {
  try {
    return inflateSync(stream).length;
  } catch {
    return stream.length; // not packed
  }
}

const verify = (address: string, accept = 'application/json') => call('GET', new URL(address).pathname, { headers: { accept } });

describe('a fiche on paper', () => {
  it('is genuine as long as the fiche says what was printed, and tells nothing of anybody', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const body = await createFiche(patient.token, { telephone: patient.phone, nom: 'Papyrusini' });
    const path = `/api/v1/fiche-consultation/${body.id}/`;
    await analysedFiche(medecin, body.id);
    const draft = await download(`${path}export/pdf/`, patient.token);
    expect((await validateFiche(medecin, body.id)).status).toBe(200);
    expect((await verify(addressOf(draft.bytes))).body).toMatchObject({ statut: 'revoque' });

    const printed = await download(`${path}export/pdf/`, patient.token);
    expect(printed.status).toBe(200);
    expect(printed.headers.get('content-type')).toBe('application/pdf');
    expect(printed.headers.get('content-disposition')).toContain(`attachment; filename="fiche_${body.numero_dossier}.pdf"`);
    expect(printed.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(Number(printed.headers.get('content-length'))).toBe(printed.bytes.length);
    expect(drawn(printed.bytes)).toBeGreaterThan(drawn(draft.bytes));

    const address = addressOf(printed.bytes);
    expect(address).toMatch(/^http:\/\/localhost:\d+\/api\/v1\/verification\/[\w-]{32}\/$/);
    const genuine = await verify(address);
    expect(genuine.status).toBe(200);
    expect(Object.keys(genuine.body).toSorted()).toEqual(['emis_le', 'statut']);
    expect(genuine.body['statut']).toBe('authentique');
    const page = await fetch(`${gatewayUrl()}${new URL(address).pathname}`, { headers: { accept: 'text/html,*/*;q=0.8' } });
    const html = await page.text();
    expect(html).toContain('Document authentique');
    expect(html).not.toMatch(new RegExp(`Papyrusini|${body.numero_dossier}|<script`));
    expect(addressOf((await download(`${path}export/pdf/`, patient.token)).bytes)).toBe(address);

    const byMedecin = await download(`${path}export/pdf/`, medecin);
    expect(addressOf(byMedecin.bytes)).not.toBe(address);
    const acces = await call<{ results: { action: string }[] }>('GET', `${path}acces/`, { token: patient.token });
    expect(acces.body.results.map(({ action }) => action)).toContain('fiche.exporter_pdf');

    await call('PATCH', `${path}edit-diagnostic/`, { token: medecin, body: { diagnostic: 'Paludisme grave.' } });
    expect((await verify(address)).body).toMatchObject({ statut: 'revoque' });
    expect((await verify(address.replace(/[\w-]{32}/, 'A'.repeat(32)))).status).toBe(404);
  });

  it('is taken along as JSON, with what lies beside it, as its reader may see it', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const body = await createFiche(patient.token, { telephone: patient.phone });
    const path = `/api/v1/fiche-consultation/${body.id}/`;
    await analysedFiche(medecin, body.id);
    await call('POST', `${path}references/`, { token: medecin, body: { title: 'Guidelines for malaria' } });
    await call('POST', `${path}messages/`, { token: patient.token, body: { content: 'Bonjour docteur' } });
    const mine = await call('GET', `${path}export/json/`, { token: patient.token });
    expect(mine.status).toBe(200);
    expect(mine.headers.get('content-disposition')).toContain(`fiche_${body.numero_dossier}.json`);
    expect(mine.body).toMatchObject({ id: body.id, numero_dossier: body.numero_dossier, diagnostic_ia: null, messages: [{ content: 'Bonjour docteur' }], references: [{ title: 'Guidelines for malaria' }], lab_results: [], attachments: [] });
    expect(mine.body).not.toHaveProperty('signes_alerte');
    const theirs = await call('GET', `${path}export/json/`, { token: medecin });
    expect(theirs.body['diagnostic_ia']).toContain('SIMULATION');
  });

  it('is revoked by a médecin, and a new printing counts', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const body = await createFiche(patient.token, { telephone: patient.phone });
    const path = `/api/v1/fiche-consultation/${body.id}/`;
    await analysedFiche(medecin, body.id);
    const first = addressOf((await download(`${path}export/pdf/`, patient.token)).bytes);
    expect((await call('POST', `${path}verification/revoke/`, { token: patient.token })).status).toBe(403);
    expect((await call('POST', `${path}verification/revoke/`, { token: medecin })).body).toMatchObject({ revoques: 1 });
    expect((await verify(first)).body).toMatchObject({ statut: 'revoque' });
    const second = addressOf((await download(`${path}export/pdf/`, patient.token)).bytes);
    expect(second).not.toBe(first);
    expect((await verify(second)).body).toMatchObject({ statut: 'authentique' });
  });
});
