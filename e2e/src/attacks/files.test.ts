import { beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { createCompte, createEtablissement, must } from '../accounts.ts';
import { call, loginSuperuser } from '../client.ts';
import { postFiche } from '../fiche.ts';
import { gatewayUrl } from '../suite.ts';

const URL = '/api/v1/attachments/';
const BOUNDARY = 'e2e-boundary';
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const SVG = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>');
const HTML = Buffer.from('<!doctype html><script>alert(document.cookie)</script>');
/** One entry that says to be 4 GB large. */
const BOMB = Buffer.concat([Buffer.from('504b03041400000008000000210000000000ffffffffffffffff0100000061', 'hex'), Buffer.alloc(2_000)]);
const DICOM_EXE = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(126), Buffer.from('DICM'), Buffer.alloc(64)]);

type Attachment = { id: number; file_name: string; file_url: string };

describe('files that a client may send', () => {
  let patient: string;
  let other: string;
  let medecin: string;
  let fiche: number;

  beforeAll(async () => {
    const superuser = await loginSuperuser();
    const etablissement = await createEtablissement(superuser);
    const sortes = [{ role: 'patient', etablissement }, { role: 'patient', etablissement }, { role: 'medecin', etablissement }] as const;
    const comptes = await Promise.all(sortes.map((sorte) => createCompte(superuser, sorte)));
    [patient = '', other = '', medecin = ''] = comptes.map(({ token }) => token);
    fiche = (await postFiche(patient)).body.id;
  }, 60_000);

  const listed = async (): Promise<number> => (await must<{ count: number }>('GET', `${URL}?fiche=${fiche}`, patient)).count;

  function form(file: Uint8Array | undefined, name = 'essai.pdf', more: Record<string, string> = {}): FormData {
    const made = new FormData();
    for (const [field, value] of Object.entries({ fiche: String(fiche), ...more })) made.set(field, value);
    if (file) made.set('file', new Blob([file as Uint8Array<ArrayBuffer>], { type: 'application/pdf' }), name);
    return made;
  }
  const upload = (body: FormData, token = patient) => call<Attachment & { code: string; file?: string[] }>('POST', URL, { token, body });

  /** A form by hand, as no honest client writes it. @returns the status; 0 where the connection ends without one */
  function send(body: Buffer, { contentType = `multipart/form-data; boundary=${BOUNDARY}`, missing = 0 }: { contentType?: string; missing?: number } = {}): Promise<number> {
    return new Promise((resolve) => {
      const asked = request(`${gatewayUrl()}${URL}`, { method: 'POST', headers: { authorization: `Bearer ${patient}`, 'content-type': contentType, 'content-length': body.byteLength + missing } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on('error', () => resolve(0));
      if (missing > 0) asked.write(body, () => setTimeout(() => asked.destroy(), 100));
      else asked.end(body);
    });
  }
  const part = (name: string, value: Uint8Array | string, fileName?: string): Buffer =>
    Buffer.concat([Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n\r\n`), Buffer.from(value as Uint8Array), Buffer.from('\r\n')]);
  const END = Buffer.from(`--${BOUNDARY}--\r\n`);

  it.each([
    ['an SVG with a script', SVG, 'scan.svg'], ['the same named .png', SVG, 'scan.png'], ['HTML named .jpg', HTML, 'photo.jpg'], ['a zip bomb named .pdf', BOMB, 'resultats.pdf'], ['a ZIP with a PDF behind it', Buffer.concat([BOMB, PDF]), 'a.pdf'],
    ['HTML with a PDF behind it', Buffer.concat([HTML, PDF]), 'a.pdf'], ['a DICOM that is a program', DICOM_EXE, 'scanner.dcm'], ['a program', Buffer.from('MZ\x90\0\x03\0'), 'a.pdf'], ['text', Buffer.from('bonjour'), 'a.txt'],
  ])('%s is refused by what it is', async (_what, bytes, name) => {
    const before = await listed();
    const { status, body } = await upload(form(bytes, name));
    expect([status, body.code, body.file]).toEqual([400, 'fichier.type_refuse', [expect.stringContaining('PDF')]]);
    expect(await listed()).toBe(before);
  });

  it('nothing, an empty file, one that is too large and what is no form are refused', async () => {
    const before = await listed();
    expect((await upload(form(undefined))).body.code).toBe('fichier.absent');
    expect((await upload(form(new Uint8Array()))).body.code).toBe('fichier.vide');
    const large = await upload(form(Buffer.concat([PDF, Buffer.alloc(11 * 1024 * 1024)])));
    expect([large.status, large.body.code]).toEqual([413, 'fichier.trop_grand']);
    expect((await call('POST', URL, { token: patient, body: { fiche } })).status).toBe(400);
    expect((await call('POST', URL, { token: patient, body: { fiche, note: 'x'.repeat(2_000_000) } })).status).toBe(413);
    expect(await listed()).toBe(before);
  });

  it('a form that is cut, lies about its boundary, holds two files or a field of 5 MB leaves nothing', async () => {
    const before = await listed();
    const whole = [part('fiche', String(fiche)), part('file', PDF, 'a.pdf')];
    const statuses = await Promise.all([
      send(Buffer.concat(whole)),
      send(Buffer.concat(whole).subarray(0, -20)),
      send(Buffer.concat([...whole, END]), { contentType: 'multipart/form-data; boundary=autre' }),
      send(Buffer.concat([...whole, END]), { contentType: 'multipart/form-data' }),
      send(Buffer.concat([...whole, part('file', PDF, 'b.pdf'), END])),
      send(Buffer.concat([...whole, part('note', 'x'.repeat(5_000_000)), END])),
      send(Buffer.concat([part('fiche', String(fiche)), part('__proto__', 'x'), part('file', PDF, 'a.pdf'), END])),
    ]);
    expect(statuses).toEqual(statuses.map(() => 400));
    await Promise.all([1, 50, 5_000_000].map((missing) => send(Buffer.concat(whole), { missing })));
    expect(await listed()).toBe(before);
  });

  it.each(['../../../etc/passwd', '..%2f..%2fetc%2fpasswd', '%2e%2e%2fx', 'C:\\\\boot.ini', 'a.php', '.htaccess', 'x'.repeat(500), '\u202efdp.exe', '; rm -rf ~', '<img src=x onerror=alert(1)>'])('the name %s is a name only', async (name) => {
    const { status, body } = await upload(form(PDF, name));
    expect(status).toBe(201);
    expect(body.file_name).toMatch(/^[^/\\<>:"|?*]{1,146}\.pdf$/);
    expect(body.file_name).not.toMatch(/^\.|\.\.\/|%2f|\p{C}/u);
    const file = await call('GET', `${URL}${body.id}/download/`, { token: patient });
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.\- ]+\.pdf"; filename\*=UTF-8''[^/\\\s]+$/);
    expect([file.headers.get('x-content-type-options'), file.headers.get('cache-control'), file.headers.get('content-security-policy'), file.headers.get('content-type')]).toEqual(['nosniff', 'no-store', "default-src 'none'; sandbox", 'application/pdf']);
  });

  it('a file is nobody else’s, beside whatever fiche it is put', async () => {
    const { body } = await upload(form(PDF));
    for (const path of [`${URL}${body.id}/`, `${URL}${body.id}/download/`]) {
      expect((await call('GET', path, { token: other })).status).toBe(404);
      expect((await call('GET', path)).status).toBe(401);
    }
    expect((await upload(form(PDF), other)).status).toBe(404);
    expect((await call('DELETE', `${URL}${body.id}/`, { token: other })).status).toBe(404);
    expect((await call('PATCH', `${URL}${body.id}/`, { token: patient, body: { fiche: 1, uploaded_by: 1, file: '/etc/passwd', note: 'à moi' } })).body).toMatchObject({ fiche, file_url: body.file_url, note: 'à moi' });
  });

  it('a signature is a médecin’s, an image, and seen under no address but its own', async () => {
    const path = `/api/v1/fiche-consultation/${fiche}/`;
    const signed = (file: Uint8Array, token: string) => {
      const made = new FormData();
      made.set('signature_medecin', new Blob([file as Uint8Array<ArrayBuffer>]), '../s.png');
      return call<{ signature_medecin: string; code: string }>('PATCH', path, { token, body: made });
    };
    expect((await signed(PNG, patient)).status).toBe(403);
    expect((await signed(PNG, other)).status).toBe(403);
    expect((await signed(PDF, medecin)).body.code).toBe('fichier.type_refuse');
    const { status, body } = await signed(PNG, medecin);
    expect([status, body.signature_medecin]).toEqual([200, expect.stringMatching(/^http:\/\/localhost:\d+\/api\/v1\/signatures\/[\w-]+\/$/)]);
    const image = await fetch(`${body.signature_medecin}?t=1`);
    expect([image.status, image.headers.get('content-type'), Buffer.from(await image.arrayBuffer()).equals(PNG)]).toEqual([200, 'image/png', true]);
    const jeton = body.signature_medecin.split('/').at(-2) ?? '';
    for (const faux of [`${jeton.startsWith('A') ? 'B' : 'A'}${jeton.slice(1)}`, jeton.slice(0, -4), `${jeton}A`, '..%2f..%2fetc', 'A'.repeat(59)]) expect((await fetch(`${gatewayUrl()}/api/v1/signatures/${faux}/`)).status).toBe(404);
    expect((await must<{ signature_medecin: unknown }>('GET', path, patient)).signature_medecin).toBeNull();
    expect((await must<{ signature_medecin: unknown }>('PATCH', path, medecin, { signature_medecin: body.signature_medecin })).signature_medecin).not.toBeNull();
    expect((await must<{ signature_medecin: unknown }>('PATCH', path, medecin, { signature_medecin: null })).signature_medecin).toBeNull();
    expect((await fetch(body.signature_medecin)).status).toBe(404);
  });

  it('and everybody is well afterwards', async () => {
    const health = await call<{ status: string }>('GET', '/api/health/');
    expect([health.status, health.body.status]).toEqual([200, 'healthy']);
  });
});
