import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { tagContent } from '../wire/content-tag.ts';
import { addAnswerBytes } from './answer-bytes.ts';

const words = (letters: number) => ({ texte: 'œdème, douleur épigastrique… '.repeat(letters / 28) });
const answers: Record<string, unknown> = { short: words(280), long: words(28_000), none: null };

function appWith() {
  const app = fastify();
  addAnswerBytes(app);
  const sent: Record<string, unknown> = {};
  for (const [name, answer] of Object.entries(answers)) {
    app.get(`/${name}`, { onSend: async (_request, _reply, payload) => { sent[name] = payload; } }, async () => answer);
  }
  app.get('/tagged', { onSend: tagContent('private') }, async () => answers['long']);
  app.get('/stream', (_request, reply) => reply.send(Readable.from(['é'.repeat(3_000)])));
  return { app, sent };
}

describe('an answer', () => {
  it.each(['short', 'long'])('%s is the same, byte for byte, and its length is told, also to a HEAD', async (name) => {
    const { app } = appWith();
    const bytes = Buffer.from(JSON.stringify(answers[name]));
    const [got, head] = await Promise.all((['GET', 'HEAD'] as const).map((method) => app.inject({ method, url: `/${name}` })));
    expect(got?.rawPayload.equals(bytes)).toBe(true);
    for (const answer of [got, head]) expect([answer?.headers['content-length'], answer?.headers['content-type']]).toEqual([String(bytes.length), 'application/json; charset=utf-8']);
    expect(head?.rawPayload.length).toBe(0);
  });

  it('is encoded where it is long, and left as it is where it is short', async () => {
    const { app, sent } = appWith();
    await Promise.all(['/short', '/long'].map((url) => app.inject({ method: 'GET', url })));
    expect([typeof sent['short'], Buffer.isBuffer(sent['long'])]).toEqual(['string', true]);
  });

  it('keeps its tag, for which nothing is sent again', async () => {
    const { app } = appWith();
    const { etag } = (await app.inject({ method: 'GET', url: '/tagged' })).headers;
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const again = await app.inject({ method: 'GET', url: '/tagged', headers: { 'if-none-match': String(etag) } });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  });

  it('that is a stream, or nothing, is let through', async () => {
    const { app } = appWith();
    expect((await app.inject({ method: 'GET', url: '/stream' })).body).toBe('é'.repeat(3_000));
    expect((await app.inject({ method: 'GET', url: '/none' })).body).toBe('null');
  });
});
