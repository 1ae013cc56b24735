import { describe, expect, it } from '@jest/globals';
import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import { lireFiche, verifierFiche } from './lire-fiche.ts';
import { saisieMinimale, toutesLesSaisies } from './saisies.memory.ts';

const AUJOURDHUI = '2026-11-24';
const creation = { complet: true, defauts: true };
const { valeurs: minimum } = lireFiche(saisieMinimale, creation);

/** Exactly this field refused, under its label. */
const seulement = ({ nom, libelle }: Champ) => ({ [nom]: [expect.stringContaining(`« ${libelle} »`)] });

describe.each(toutesLesSaisies())('%s', (nom, champ, saisies) => {
  it.each(saisies.map((saisie) => [saisie.quoi, saisie] as const))('%s is read as documented, or refused by name; the other fields stay', (_, saisie) => {
    const { valeurs, erreurs } = lireFiche({ ...saisieMinimale, [nom]: saisie.valeur }, creation);
    const { [nom as keyof typeof minimum]: _avant, ...autres } = minimum;
    if (!('lu' in saisie)) {
      expect(erreurs).toEqual(seulement(champ));
      expect(valeurs).toEqual(autres);
    } else {
      expect(erreurs).toEqual({});
      expect(valeurs).toEqual({ ...autres, [nom]: saisie.lu });
      expect(Object.is((valeurs as Record<string, unknown>)[nom], -0)).toBe(false);
    }
  });

  it('an edit judges it alike, and checking again where the rule lives refuses what reading refuses', () => {
    for (const { valeur, ...saisie } of saisies) {
      const edition = lireFiche({ [nom]: valeur }, { complet: false, defauts: false });
      expect(edition).toEqual('lu' in saisie ? { valeurs: { [nom]: saisie.lu }, erreurs: {} } : { valeurs: {}, erreurs: seulement(champ) });
      if (!('lu' in saisie)) expect(verifierFiche({ [nom]: valeur } as object, AUJOURDHUI)).toEqual(seulement(champ));
    }
  });
});

describe('bodies that are made to harm', () => {
  it('names that every object has are no fields', () => {
    const corps = JSON.parse('{"__proto__":{"nom":"Intrus","polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":2}') as Record<string, unknown>;
    expect(lireFiche({ ...saisieMinimale, ...corps }, creation)).toEqual({ valeurs: minimum, erreurs: {} });
    expect(lireFiche(corps, { complet: false, defauts: false })).toEqual({ valeurs: {}, erreurs: {} });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('what is nested ten thousand deep is refused like any object', () => {
    let profond: unknown = 'x';
    for (let i = 0; i < 10_000; i++) profond = { a: profond };
    for (const { nom } of CHAMPS) expect(Object.keys(lireFiche({ [nom]: profond }, { complet: false, defauts: false }).erreurs)).toEqual([nom]);
  });

  it('a refusal of a huge choice stays small and whole', () => {
    const [message] = lireFiche({ sexe: `${'x'.repeat(39)}😀${'y'.repeat(100_000)}` }, { complet: false, defauts: false }).erreurs['sexe'] ?? [];
    expect(message).toBe(`« Sexe » : « ${'x'.repeat(39)}😀 » n'est pas un choix valide.`);
  });
});
