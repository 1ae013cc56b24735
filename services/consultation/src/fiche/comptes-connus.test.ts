import { beforeEach, describe, expect, it } from '@jest/globals';
import { createComptesConnus } from './comptes-connus.ts';

describe('the count of a list', () => {
  let comptees = 0;
  let lus = 0;
  let heure = 0;
  const requete = { texte: 'SELECT $1', valeurs: [1] };
  const ouvrir = () => createComptesConnus(async () => { comptees++; return lus; }, () => heure);
  beforeEach(() => {
    comptees = 0;
    heure = 0;
  });

  it('is read each time where it is short: what was added is counted', async () => {
    const compter = ouvrir();
    lus = 998;
    expect(await compter(requete)).toBe(998);
    lus = 999;
    expect([await compter(requete), comptees]).toEqual([999, 2]);
  });

  it('is kept for ten seconds where it is long, for what was asked alone', async () => {
    const compter = ouvrir();
    lus = 1_000;
    await compter(requete);
    lus = 2_000;
    heure = 9_999;
    expect([await compter(requete), await compter({ ...requete, valeurs: [2] })]).toEqual([1_000, 2_000]);
    heure = 10_000;
    expect([await compter(requete), comptees]).toEqual([2_000, 3]);
  });

  it('that has grown old is read once for all who ask together', async () => {
    const compter = ouvrir();
    lus = 5_000;
    await compter(requete);
    heure = 20_000;
    expect(await Promise.all([1, 2, 3].map(() => compter(requete)))).toEqual([5_000, 5_000, 5_000]);
    expect(comptees).toBe(2);
  });
});
