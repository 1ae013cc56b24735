import { expect, test } from '@jest/globals';
import { createSealedCache } from './index.ts';

function memory() {
  const kept = new Map<string, string>();
  const cache = { get: async (key: string) => kept.get(key), set: async (key: string, value: string) => void kept.set(key, value), del: async (...keys: string[]) => keys.forEach((key) => kept.delete(key)) };
  return { kept, cache };
}

const fiche = { nom: 'Canariensis', nee: new Date('1992-09-20T00:00:00Z'), signes: ['fièvre'], poids: null };

test('gives back what was kept, Dates as Dates, and forgets what is deleted', async () => {
  const { cache } = memory();
  const sealed = createSealedCache({ cache, secret: 's', scope: 'a' });
  await sealed.set('fiche:1', fiche, 60);
  expect(await sealed.get('fiche:1')).toEqual(fiche);
  await sealed.del('fiche:1');
  expect(await sealed.get('fiche:1')).toBeUndefined();
});

test('holds neither names nor values in the clear, and no two values alike', async () => {
  const { cache, kept } = memory();
  const sealed = createSealedCache({ cache, secret: 's', scope: 'a' });
  await sealed.set('fiche:1', fiche, 60);
  const first = [...kept.values()].join();
  await sealed.set('fiche:1', fiche, 60);
  expect([...kept.values()].join()).not.toBe(first);
  const all = [...kept].flat().flatMap((text) => [text, Buffer.from(text, 'base64').toString('latin1'), Buffer.from(text, 'base64').toString('utf16le')]).join();
  for (const secret of ['Canariensis', 'fiche:1', 'fièvre']) expect(all).not.toContain(secret);
});

test('opens nothing of another secret, another scope or another name, and nothing damaged', async () => {
  const { cache, kept } = memory();
  const sealed = createSealedCache({ cache, secret: 's', scope: 'a' });
  await sealed.set('fiche:1', fiche, 60);
  await sealed.set('fiche:2', { ...fiche, nom: 'Autre' }, 60);
  for (const other of [{ secret: 't', scope: 'a' }, { secret: 's', scope: 'b' }]) expect(await createSealedCache({ cache, ...other }).get('fiche:1')).toBeUndefined();
  const [[one, first], [two, second]] = [...kept] as [[string, string], [string, string]];
  kept.set(one, second).set(two, first);
  expect(await sealed.get('fiche:1')).toBeUndefined();
  const otherLetter = first.startsWith('A') ? 'B' : 'A';
  for (const damaged of ['', 'AAAA', first.slice(0, -8), `${otherLetter}${first.slice(1)}`]) {
    kept.set(one, damaged);
    expect(await sealed.get('fiche:1')).toBeUndefined();
  }
});
