import { describe, expect, test } from '@jest/globals';
import { hypothese, vote } from '../vote.memory.ts';
import { estFrancais } from './langue.ts';
import { lireJsonStrict } from './lire-json-strict.ts';
import { lireVote } from './lire-vote.ts';

const CHAMPS = new Set(['temperature', 'motif_consultation']);
const lire = (texte: string, plus = {}) => lireVote({ texte, refus: false, tronque: false, ...plus }, CHAMPS);
const json = JSON.stringify(vote());

describe('a vote', () => {
  test('that keeps the rules is read as it is', () => {
    expect(lire(json)).toEqual({ vote: vote() });
  });

  test.each([
    ['a refusal', '', { refus: true }, 'refus'],
    ['a truncated answer', json.slice(0, -20), { tronque: true }, 'tronque'],
    ['text after the object', `${json}\nVoilà.`, {}, 'json_illisible'],
    ['text before the object', `Voici : ${json}`, {}, 'json_illisible'],
    ['two objects', `${json}${json}`, {}, 'json_illisible'],
    ['an empty answer', '', {}, 'json_illisible'],
    ['a key twice', json.replace('"urgence":', '"urgence":"vert","urgence":'), {}, 'cle_double'],
    ['a key twice, one of them escaped', json.replace('"urgence":', '"\\u0075rgence":"vert","urgence":'), {}, 'cle_double'],
    ['a member that was not asked for', json.replace('{', '{"note":1,'), {}, 'hors_schema'],
    ['a missing member', JSON.stringify({ ...vote(), education: undefined }), {}, 'hors_schema'],
    ['an unknown urgency', JSON.stringify({ ...vote(), urgence: 'violet' }), {}, 'hors_schema'],
    ['a probability above 1', JSON.stringify(vote({ hypotheses: [hypothese('Paludisme', 'B54', { probabilite: 70 })] })), {}, 'hors_schema'],
    ['no hypothesis', JSON.stringify(vote({ hypotheses: [] })), {}, 'sans_hypothese'],
    ['a code that is none', JSON.stringify(vote({ hypotheses: [hypothese('Paludisme', 'paludisme')] })), {}, 'cim10_inconnu'],
    ['a field that was not in the fiche', JSON.stringify(vote({ hypotheses: [hypothese('Paludisme', 'B54', { arguments_contre: [{ champ: 'spo2', texte: 'normale' }] })] })), {}, 'champ_inconnu'],
    ['over 1 MB', JSON.stringify(vote({ education: ['é'.repeat(600_000)] })), {}, 'trop_long'],
    ['another language', JSON.stringify(vote({ hypotheses: [hypothese('Malaria', 'B54', { arguments_pour: [{ champ: 'temperature', texte: 'the fever is high and the patient is weak with chills' }] })], education: ['Sleep under a net and come back in three days if this is not better'] })), {}, 'autre_langue'],
  ])('is failed by %s', (_nom, texte, plus, faute) => {
    expect(lire(texte, plus)).toEqual({ faute });
  });
});

test('equal keys of different objects, keys inside strings and nested arrays are no double keys', () => {
  expect(lireJsonStrict('{"a":{"x":1},"b":[{"x":1},{"x":2}],"c":"\\"a\\":1,\\"a\\":2"}')).toHaveProperty('valeur');
  expect(lireJsonStrict('{"a":[{"x":1,"y":{"z":1,"z":2}}]}')).toEqual({ faute: 'cle_double' });
  expect(lireJsonStrict('[["a","a"],{"a":"a"}]')).toHaveProperty('valeur');
});

test.each([
  ['Paludisme ; NFS ; CRP', true],
  ['La fièvre dure depuis trois jours et le patient ne tousse pas', true],
  ['The patient has had a fever for three days and is not coughing', false],
  ['El paciente tiene fiebre desde hace tres días y no tose, con dolor por la noche', false],
  ['У пациента жар уже три дня, кашля нет', false],
])('French is told from other languages: %s', (texte, attendu) => {
  expect(estFrancais(texte)).toBe(attendu);
});
