import { describe, expect, it } from '@jest/globals';
import { CHAMPS, lireFiche, verifierFiche } from '@mediai/fiche';
import { fichesRealistes } from './index.ts';
import { neIlYA } from './fiche-json.ts';

describe.each(Object.entries(fichesRealistes))('the fiche %s', (_, build) => {
  it('holds every field that a client may write, and is read without a fault', () => {
    const fiche = build();
    expect(Object.keys(fiche).sort()).toEqual(CHAMPS.map((champ) => champ.nom).sort());
    const { valeurs, erreurs } = lireFiche(fiche, { complet: true, defauts: true });
    expect(erreurs).toEqual({});
    expect(verifierFiche(valeurs, new Date().toISOString().slice(0, 10))).toEqual({});
  });

  it('takes what a test puts in', () => {
    expect(build({ temperature: '38,5', champ_inconnu: 1 })).toMatchObject({ temperature: '38,5', champ_inconnu: 1 });
  });
});

it('gives birth dates whose age in completed years is the one it says', () => {
  expect(neIlYA({ ans: 34, mois: 2 }, new Date('2026-11-24'))).toEqual({ date_naissance: '1992-09-20', age: 34 });
  expect(neIlYA({ mois: 8 }, new Date('2026-03-31'))).toEqual({ date_naissance: '2025-07-20', age: 0 });
});
