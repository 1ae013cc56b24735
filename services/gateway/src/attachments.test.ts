import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { invalid, unavailable, type AppError } from '@mediai/kit/errors';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pending, startWorld, token, type World } from './fake-services.memory.ts';
import { multipart, type Part } from './multipart.memory.ts';

const URL = '/api/v1/attachments/';
const PDF = Buffer.from('%PDF-1.4 essai');
const file: Part = { name: 'file', value: PDF, file: 'Ordonnance été.pdf', type: 'text/html' };
const fiche: Part = { name: 'fiche', value: '12' };

let world: World;
let send: World['send'];
beforeAll(async () => {
  world = await startWorld();
  ({ send } = world);
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

type Message = { contenu: { case: string; value: unknown } };
const messages = () => (world.calls[0]?.request['messages'] ?? []) as Message[];
const bytes = () => Buffer.concat(messages().filter(({ contenu }) => contenu.case === 'octets').map(({ contenu }) => contenu.value as Uint8Array));
const form = () => messages().find(({ contenu }) => contenu.case === 'formulaire')?.contenu.value;

describe('POST attachments/', () => {
  it.each([['before', [fiche, { name: 'note', value: 'De mars' }, file]], ['behind', [file, { name: 'note', value: 'De mars' }, fiche]]])('sends the file as it comes and the fields last, though they stand %s it', async (_where, parts) => {
    const answer = await send('POST', URL, multipart(parts));
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['location']).toBe(`${URL}8/`);
    expect(messages().map(({ contenu }) => contenu.case)).toEqual(['entete', 'octets', 'formulaire']);
    expect([messages()[0]?.contenu.value, bytes().equals(PDF), form()]).toEqual([{ nom: 'Ordonnance été.pdf' }, true, { fiche: 12, kind: undefined, note: 'De mars' }]);
  });

  it('answers with absolute addresses of the download', async () => {
    const { payload, headers } = multipart([file, fiche]);
    const answer = await send('POST', URL, { payload, headers: { ...headers, host: 'mediai.example' } });
    const url = 'http://mediai.example/api/v1/attachments/8/download/';
    expect(answer.json()).toEqual({ id: 8, fiche: 12, file: url, file_url: url, file_name: 'Ordonnance été.pdf', file_size: 8, file_extension: 'pdf', kind: 'prescription', kind_display: 'Ordonnance', note: null, uploaded_by: 7, uploaded_by_username: 'jean', created_at: '2026-11-24T08:00:00.000Z' });
  });

  it('carries the key and the reason, and says of a first answer that it is one', async () => {
    const { payload, headers } = multipart([file, fiche]);
    await send('POST', URL, { payload, headers: { ...headers, 'idempotency-key': 'k1', 'x-access-reason': 'Garde' } });
    expect(world.calls[0]?.options).toMatchObject({ idempotencyKey: 'k1', accessReason: 'Garde' });
  });

  it('passes over files and fields that it does not know', async () => {
    await send('POST', URL, multipart([{ name: 'autre', value: 'x' }, { name: 'photo', value: 'y', file: 'y.png' }, fiche]));
    expect([form(), messages().length]).toEqual([{ fiche: 12, kind: undefined, note: undefined }, 1]);
  });

  it.each([
    ['without a fiche', [file], 400, { fiche: ['Ce champ est obligatoire.'] }],
    ['with a fiche that is no id', [file, { name: 'fiche', value: "12' OR 1=1" }], 400, { fiche: [expect.any(String)] }],
    ['with two files', [file, file, fiche], 400, { code: 'fichier.un_seul' }],
    ['with a field of 5 MB', [file, fiche, { name: 'note', value: 'x'.repeat(5_000_000) }], 400, { code: 'requete.trop_grande', note: [expect.any(String)] }],
    ['with a field named like a prototype', [file, fiche, { name: '__proto__', value: 'x' }], 400, { code: 'requete.formulaire_illisible' }],
    ['with 2 MB of fields', [file, fiche, ...Array.from({ length: 20 }, (_, i) => ({ name: `f${i}`, value: 'x'.repeat(100_000) }))], 413, { code: 'requete.trop_grande' }],
    ['with hundreds of fields', [...Array.from({ length: 300 }, (_, i) => ({ name: `f${i}`, value: 'x' })), file, fiche], 413, { code: 'requete.trop_grande' }],
  ] as [string, Part[], number, object][])('%s is refused', async (_what, parts, status, body) => {
    const answer = await send('POST', URL, multipart(parts));
    expect([answer.statusCode, answer.json()]).toEqual([status, expect.objectContaining(body)]);
    expect(form()).toBeUndefined();
  });

  it.each([
    ['that is cut behind its file', multipart([fiche, file], { fin: false })],
    ['that is cut within its file', ((one) => ({ ...one, payload: one.payload.subarray(0, one.payload.length - 8) }))(multipart([fiche, file], { fin: false }))],
    ['with another boundary than it says', multipart([fiche, file], { boundary: 'autre' })],
    ['without a boundary', { payload: PDF, headers: { 'content-type': 'multipart/form-data' } }],
  ])('a form %s is refused and nothing is kept of it', async (_what, request) => {
    const answer = await send('POST', URL, request);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'requete.formulaire_illisible']);
    expect(form()).toBeUndefined();
  });

  it('a body that is no form is refused by the name of the file, an empty form as one without a fiche', async () => {
    expect((await send('POST', URL, { payload: { fiche: 12 } })).json()).toMatchObject({ status: 400, code: 'fichier.absent', file: [expect.any(String)] });
    expect((await send('POST', URL, multipart([]))).json()).toMatchObject({ status: 400, fiche: [expect.any(String)] });
    expect((await send('POST', URL, { payload: '<a/>', headers: { 'content-type': 'application/xml' } })).statusCode).toBe(415);
  });

  it('says 413 of what consultation finds too large, 400 of what it refuses, 503 while it is away', async () => {
    for (const [failure, status] of [[invalid({ file: ['Trop grand.'] }, 'fichier.trop_grand'), 413], [invalid({ file: ['Non.'] }, 'fichier.type_refuse'), 400], [unavailable(), 503]] as [AppError, number][]) {
      world.failure = failure;
      const answer = await send('POST', URL, multipart([fiche, file]));
      expect([answer.statusCode, answer.json().status, answer.json().code]).toEqual([status, status, failure.code]);
    }
  });

  it('is refused to nobody and to who waits for approval, whatever they send', async () => {
    expect((await world.app.inject({ method: 'POST', url: URL, ...multipart([fiche, file]) })).statusCode).toBe(401);
    for (const request of [{ payload: [] }, multipart([fiche, file], { fin: false })]) expect((await send('POST', URL, { ...request, claims: pending })).json()).toMatchObject({ status: 403, code: 'compte.en_attente' });
  });

  it('answers a client that still sends, which then reads the answer and may ask again', async () => {
    const app = (await startWorld()).app;
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { payload, headers } = multipart([{ ...fiche, value: 'x' }, { ...file, value: Buffer.alloc(6_000_000, 1) }]);
    const { port } = app.server.address() as AddressInfo;
    const status = await new Promise((resolve, reject) => {
      const asked = httpRequest({ port, method: 'POST', path: URL, headers: { ...(headers as object), authorization: `Bearer ${token()}`, 'content-length': payload.length } }, (answer) => resolve(answer.resume().statusCode));
      asked.on('error', reject).end(payload);
    });
    expect(status).toBe(400);
    await app.close();
  });

  it('a client that leaves in the middle ends the call: what was sent is no whole file', async () => {
    const other = await startWorld();
    await other.app.listen({ port: 0, host: '127.0.0.1' });
    const { payload, headers } = multipart([fiche, file]);
    const { port } = other.app.server.address() as AddressInfo;
    const asked = httpRequest({ port, method: 'POST', path: URL, headers: { ...(headers as object), authorization: `Bearer ${token()}`, 'content-length': payload.length + 1_000 } });
    asked.on('error', () => undefined);
    await new Promise<void>((sent) => asked.write(payload.subarray(0, payload.length - 20), () => sent()));
    const closed = new Promise<void>((done) => other.app.server.once('connection', () => done()));
    asked.destroy();
    await Promise.race([closed, new Promise((wake) => setTimeout(wake, 200))]);
    expect(other.calls).toEqual([]);
    await other.app.close();
  });
});

describe('what lies beside fiches', () => {
  it('is listed by page, of one fiche or of all', async () => {
    const answer = await send('GET', `${URL}?fiche=12&page=1&page_size=5`);
    expect(answer.json()).toMatchObject({ count: 1, next: null, results: [{ id: 8, kind_display: 'Ordonnance' }] });
    expect(world.calls[0]?.request).toMatchObject({ fiche: 12, page: 1, pageSize: 5 });
    expect((await send('GET', `${URL}?fiche=`)).statusCode).toBe(200);
    expect(world.calls.at(-1)?.request['fiche']).toBeUndefined();
    expect((await send('GET', `${URL}?fiche=abc`)).statusCode).toBe(400);
  });

  it('is read, changed and deleted', async () => {
    expect((await send('GET', `${URL}8/`)).json()).toMatchObject({ id: 8 });
    expect((await send('PATCH', `${URL}8/`, { payload: { note: null } })).statusCode).toBe(200);
    expect((await send('PUT', `${URL}8/`, { payload: { kind: 'scan', fiche: 99, file: 'x' } })).statusCode).toBe(200);
    expect((await send('DELETE', `${URL}8/`)).statusCode).toBe(204);
    expect(world.calls.map(({ method, request }) => [method, request])).toEqual([
      ['getAttachment', { id: 8 }], ['updateAttachment', { id: 8, kind: undefined, note: '', complet: false }], ['updateAttachment', { id: 8, kind: 'scan', note: undefined, complet: true }], ['deleteAttachment', { id: 8 }],
    ]);
    expect((await send('PATCH', `${URL}8/`, { payload: { kind: 'virus' } })).json()).toMatchObject({ status: 400, kind: [expect.any(String)] });
  });

  it('comes down as a file to be kept, never shown', async () => {
    const answer = await send('GET', `${URL}8/download/`);
    expect([answer.statusCode, answer.body]).toEqual([200, '%PDF-1.4']);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-length': '8', 'content-disposition': `attachment; filename="Ordonnance ete.pdf"; filename*=UTF-8''Ordonnance%20%C3%A9t%C3%A9.pdf`, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; sandbox" });
  });
});
