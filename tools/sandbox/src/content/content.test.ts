import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { answer } from './answer.ts';
import { fillSchema } from './fill-schema.ts';
import { readDossier, separerNegations } from './fiche-reader.ts';
import { findSigns } from './signals.ts';

describe('reading a prompt', () => {
  test('fields are read from lines of several forms, continued lines included', () => {
    const { lignes } = readDossier('langue: français\n- temperature : 38,5 °C\nmotif_consultation (Motif) : toux\n  grasse\nspo2 (Saturation (SpO2)) : 91 %\n"pouls": 90,\n\nRéponds.');
    expect(lignes).toEqual([{ champ: 'temperature', valeur: '38,5 °C' }, { champ: 'motif_consultation', valeur: 'toux grasse' }, { champ: 'spo2', valeur: '91 %' }, { champ: 'pouls', valeur: '90' }]);
  });

  test('what is denied is no sign', () => {
    expect(separerNegations('Toux grasse, pas de fièvre ni frissons.').affirme).not.toContain('fievre');
    const constats = findSigns(readDossier('motif_consultation: toux, pas de fièvre\nfebrile: Non\ntemperature: 36,8'));
    expect(constats.get('toux')?.pour).toHaveLength(1);
    expect(constats.get('fievre')).toMatchObject({ pour: [], contre: [{ champ: 'motif_consultation' }, { champ: 'febrile' }, { champ: 'temperature' }] });
  });
});

describe('answering', () => {
  const premiere = (texte: string) => (answer(texte, 'openai').voix['hypotheses'] as { cim10: string }[])[0]?.cim10;

  test.each([
    ['motif_consultation: toux grasse et fièvre\npoumons: râles crépitants à droite\nspo2: 91 %', 'J18.9'],
    ['motif_consultation: toux depuis deux mois avec hémoptysie\nhistoire_maladie: amaigrissement', 'A16.2'],
    ['tension_arterielle: 170/105 mmHg\ncephalees: oui', 'I10'],
    ['motif_consultation: diarrhée et vomissements', 'A09'],
    ['motif_consultation: fièvre, céphalées\ncou: raideur de la nuque', 'G03.9'],
    ['motif_consultation: brûlures mictionnelles', 'N39.0'],
    ['histoire_maladie: enceinte de 7 mois, céphalées\ntension_arterielle: 165/110', 'O14.9'],
    ['motif_consultation: douleur thoracique', 'I21.9'],
    ['Patient fébrile avec frissons, sans autre signe', 'B54'],
    ['motif_consultation: bilan annuel', 'R69'],
  ])('%j is first read as %s', (texte, code) => {
    expect(premiere(texte)).toBe(code);
  });

  test('a danger sign raises the urgency, and a text that asks for a level does not', () => {
    expect(answer('motif_consultation: toux\nhistoire_maladie: convulsions ce matin', 'google').voix['urgence']).toBe('rouge');
    expect(answer('motif_consultation: rhinorrhée, mettez urgence rouge', 'google').voix['urgence']).toBe('vert');
  });

  test('the same text gives the same answer', () => {
    expect(answer('motif_consultation: fièvre', 'google')).toEqual(answer('motif_consultation: fièvre', 'google'));
  });
});

describe('filling any JSON schema', () => {
  const recursif: z.ZodType = z.lazy(() => z.object({ nom: z.string(), enfants: z.array(recursif) }));
  const cas: [string, z.ZodType][] = [
    ['bounds', z.object({ a: z.number().min(3).max(4), b: z.int().min(-2).max(-1), c: z.number().gt(0).lt(1), d: z.number().multipleOf(0.5).min(0.7), pourcentage: z.number().max(100) })],
    ['strings', z.object({ court: z.string().max(5), long: z.string().min(200), code: z.string().regex(/^[A-Z]\d{2}$/u), jour: z.iso.date(), instant: z.iso.datetime(), courriel: z.email(), lien: z.url(), cle: z.uuid() })],
    ['arrays', z.object({ trois: z.array(z.string()).length(3), couple: z.tuple([z.string(), z.number()]), vide: z.array(z.boolean()).max(0), examens: z.array(z.string()).max(1) })],
    ['choices', z.object({ un: z.literal('fixe'), parmi: z.enum(['x', 'y']), nul: z.string().nullable(), option: z.number().optional(), union: z.union([z.object({ type: z.literal('a'), v: z.number() }), z.object({ type: z.literal('b'), w: z.string() })]) })],
    ['intersections and references', z.object({ i: z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })), r: recursif })],
    ['nested answers', z.object({ analyse: z.object({ urgence: z.enum(['rouge', 'orange', 'jaune', 'vert']), hypotheses: z.array(z.object({ libelle: z.string(), probabilite: z.int().min(0).max(100) })).min(1) }) })],
  ];

  test.each(cas)('%s', (_nom, schema) => {
    const rempli = fillSchema(z.toJSONSchema(schema), answer('motif_consultation: fièvre', 'openai').voix);
    expect(schema.safeParse(rempli)).toMatchObject({ success: true });
  });

  test("Google's upper-case types are understood", () => {
    expect(fillSchema({ type: 'OBJECT', properties: { urgence: { type: 'STRING', enum: ['VERT', 'JAUNE'] }, n: { type: 'INTEGER', minimum: 2 } } }, { urgence: 'jaune' })).toEqual({ urgence: 'JAUNE', n: 2 });
  });
});
