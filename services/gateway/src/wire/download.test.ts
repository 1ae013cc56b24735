import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError, notFound } from '@mediai/kit/errors';
import { fastify, type FastifyInstance } from 'fastify';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { contentDisposition, sendDownload, type Piece } from './download.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

const entete = (mots: object = {}): Piece => ({ contenu: { case: 'entete', value: { nom: 'écho « 1 ».pdf', typeMime: 'application/pdf', ...mots } } });
const octets = (value: Uint8Array): Piece => ({ contenu: { case: 'octets', value } });

function serve(pieces: () => AsyncIterable<Piece>): FastifyInstance {
  app = fastify({ forceCloseConnections: true });
  app.get('/fichier/', (_request, reply) => sendDownload(reply, pieces()));
  return app;
}

async function open(instance: FastifyInstance): Promise<IncomingMessage> {
  await instance.listen({ port: 0, host: '127.0.0.1' });
  return new Promise((resolve, reject) => get(`http://127.0.0.1:${(instance.server.address() as AddressInfo).port}/fichier/`, resolve).on('error', reject));
}

describe('a download', () => {
  it('is a file to be kept, that no browser shows, runs or remembers', async () => {
    const answer = await serve(async function* () {
      yield entete({ taille: 4n });
      yield octets(Buffer.from('ab'));
      yield octets(Buffer.from('cd'));
    }).inject('/fichier/');
    expect([answer.statusCode, answer.body]).toEqual([200, 'abcd']);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf', 'content-length': '4', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': `attachment; filename="echo _ 1 _.pdf"; filename*=UTF-8''%C3%A9cho%20%C2%AB%201%20%C2%BB.pdf`,
    });
  });

  it.each(['a"b\\c.pdf', 'a\r\nx-evil: 1', "d'été (1)*.pdf", '🩺.png', 'a\u202efdp.exe', ''])('carries no header of its own in its name %j', (nom) => {
    const header = contentDisposition(nom);
    expect(header).toMatch(/^attachment; filename="[\w.\- ]*"; filename\*=UTF-8''[\w.!~%-]*$/);
    expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).toBe(nom);
  });

  it('that is refused before its first byte is an error like any other', async () => {
    const instance = serve(() => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(notFound()) }) }));
    instance.setErrorHandler((error, _request, reply) => reply.code(404).send((error as AppError).code));
    expect((await instance.inject('/fichier/')).body).toBe('ressource.introuvable');
  });

  it('that breaks in the middle is cut: half a file never looks whole', async () => {
    const answer = await open(
      serve(async function* () {
        yield entete();
        yield octets(Buffer.alloc(200_000));
        throw new AppError('unavailable');
      }),
    );
    const read = (async () => {
      for await (const _ of answer);
    })();
    await expect(read).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('waits for a client that does not read, and ends when it leaves', async () => {
    let taken = 0;
    const stopped = Promise.withResolvers<void>();
    const answer = await open(
      serve(async function* () {
        try {
          yield entete();
          for (;;) {
            taken += 1;
            yield octets(Buffer.alloc(64 * 1024));
          }
        } finally {
          stopped.resolve();
        }
      }),
    );
    for (let before = -1; before !== taken; await sleep(200)) before = taken;
    expect(taken).toBeLessThan(500);
    answer.destroy();
    await stopped.promise;
  });
});
