import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';

/** One field as the public contract has it. */
type ChampDuContrat = { nom: string; type: string; max?: number; requis?: boolean; nullable?: boolean; defaut?: string | boolean; choix?: [string, string][] };

const contrat = JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/contrat.json'), 'utf8')) as ChampDuContrat[];
const parNom = new Map((CHAMPS as readonly Champ[]).map((champ) => [champ.nom, champ]));
const TYPES: Record<string, Champ['type']> = { Char: 'texte', Text: 'texte', Integer: 'entier', Float: 'decimal', Boolean: 'booleen', Date: 'date' };
/** The house's bound of a text for which the contract has none. */
const SANS_BORNE = 10_000;

describe('the table and the public contract', () => {
  it('have the same fields', () => {
    expect([...parNom.keys()].toSorted()).toEqual(contrat.map(({ nom }) => nom).toSorted());
    expect(contrat).toHaveLength(100);
  });

  it.each(contrat.map((ligne) => [ligne.nom, ligne] as const))('agree on %s: type, length, required, default, choices', (nom, { type, max, requis = false, nullable = false, defaut, choix }) => {
    const champ = parNom.get(nom)!;
    expect(champ.type).toBe(choix ? 'choix' : TYPES[type]);
    expect(champ.choix?.map(({ valeur, libelle }) => [valeur, libelle])).toEqual(choix);
    if (choix) for (const [valeur] of choix) expect(valeur.length).toBeLessThanOrEqual(max!);
    else expect(champ.max).toBe(max ?? (champ.type === 'texte' ? SANS_BORNE : undefined));
    // The age is computed from the birth date where it is not given.
    expect({ requis: champ.requis ?? false, nullable: nom === 'age' ? nullable : (champ.nullable ?? false), defaut: champ.defaut }).toEqual({ requis, nullable, defaut });
  });

  it.each(['etat_general', 'autres_antecedents', 'par_quoi'])('%s holds 255 characters', (nom) => expect(parNom.get(nom)?.max).toBe(255));

  it('one may live in free union', () => expect(parNom.get('etat_civil')?.choix?.map(({ valeur }) => valeur)).toEqual(['Célibataire', 'Marié(e)', 'Divorcé(e)', 'Veuf(ve)', 'Union libre']));
});
