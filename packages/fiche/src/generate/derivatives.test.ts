import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Champ } from '../champ.ts';
import { CHAMPS_SYSTEME } from '../champs-systeme.ts';
import { CHAMPS } from '../champs.ts';
import { schemaCreation, schemaDeChamp } from '../json-schema.ts';
import { ecrirePrisma } from './fiche-prisma.ts';
import { ecrireProto } from './fiche-proto.ts';

const racine = resolve(import.meta.dirname, '../../../..');
const lire = (chemin: string): string => readFileSync(resolve(racine, chemin), 'utf8');
const champs: readonly Champ[] = CHAMPS;

describe('what is derived from the table', () => {
  it.each([
    ['proto/mediai/consultation/v1/fiche.proto', ecrireProto],
    ['services/consultation/prisma/schema/fiche.prisma', ecrirePrisma],
    ['packages/fiche/generated/fiche.schema.json', () => `${JSON.stringify(schemaCreation(), null, 2)}\n`],
  ])('%s is what would be written now (else: npm run generate)', (chemin, ecrire) => {
    expect(lire(chemin)).toBe(ecrire());
  });

  it.each(champs.map((champ) => [champ.nom, champ] as const))('%s is one line of the table, and one of each derivative', (nom, champ) => {
    const motif = new RegExp(`^ +(optional \\w+ )?${nom}( = ${champ.numero};|\\b [A-Z])`, 'gm');
    expect(ecrireProto().match(motif)).toHaveLength(2);
    expect(ecrirePrisma().match(motif)).toHaveLength(1);
    expect(schemaCreation()['properties']).toHaveProperty(nom);
  });
});

describe('the table', () => {
  const numeros = [...champs.map(({ numero }) => numero), ...CHAMPS_SYSTEME.flatMap(({ numero }) => (numero === null ? [] : [numero]))];

  it('numbers every field once: those of clients below 200, those of the system from there', () => {
    expect(new Set(numeros).size).toBe(numeros.length);
    expect(champs.every(({ numero }) => numero >= 1 && numero < 200)).toBe(true);
    expect(CHAMPS_SYSTEME.every(({ numero }) => numero === null || numero >= 200)).toBe(true);
  });

  it('names every field once', () => {
    const noms = [...champs.map(({ nom }) => nom), ...CHAMPS_SYSTEME.map(({ nom }) => nom)];
    expect(new Set(noms).size).toBe(noms.length);
  });

  it('has a French label for every field that somebody reads', () => {
    const lus: { nom: string; libelle?: string }[] = [...champs, ...CHAMPS_SYSTEME.filter(({ proto }) => proto !== null)];
    expect(lus.filter(({ libelle }) => !libelle || /^[a-zà-ÿ]|_/.test(libelle))).toEqual([]);
  });

  it('bounds every text, and gives choices to what is chosen', () => {
    expect(champs.filter(({ type, max }) => type === 'texte' && !max)).toEqual([]);
    expect(champs.filter(({ type, choix }) => (type === 'choix') !== (choix !== undefined))).toEqual([]);
  });

  it('defaults are among the choices', () => {
    expect(champs.filter(({ defaut, choix }) => choix && defaut !== undefined && !choix.some(({ valeur }) => valeur === defaut))).toEqual([]);
  });
});

it('a nullable choice may be null in the schema as well', () => {
  expect(schemaDeChamp(champs.find(({ nom }) => nom === 'sexe')!)).toEqual({ type: ['string', 'null'], enum: ['M', 'F', null], title: 'Sexe' });
});
