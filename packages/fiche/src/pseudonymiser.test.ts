import { describe, expect, it } from '@jest/globals';
import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import { ageLisible, masquerTexte, pseudonymiser } from './pseudonymiser.ts';
import type { FicheValeurs } from './valeurs.ts';

describe('hiding the names and phones of a fiche in its texts', () => {
  const noms = ['Canarienne', 'Sérinette', "N'Sombo", 'Kabila-Moke'];

  it.each([
    ['Canarienne tousse, CANARIENNE vomit.', '[nom] tousse, [nom] vomit.'],
    ['La petite serinette a chaud', 'La petite [nom] a chaud'],
    ['Sérinette, sa sœur', '[nom], sa sœur'],
    ['La mère de N’Sombo appelle', 'La mère de [nom] appelle'],
    ['Kabila-Moke saigne', '[nom] saigne'],
    ['Appeler le +243 97 000 01 01 ou 0970-000-102', 'Appeler le [téléphone] ou [téléphone]'],
    ['00243970000101', '[téléphone]'],
    ['Tél. (0970) 000.101 ou 0970/000101', 'Tél. [téléphone] ou [téléphone]'],
    ['au 97 000 01 01, au 970-000-101, au 970000101', 'au [téléphone], au [téléphone], au [téléphone]'],
    ['+32 470 12 34 56 (son fils)', '[téléphone] (son fils)'],
    ['né le 12/04/1988 ou 1988-4-12', 'né le [date de naissance] ou [date de naissance]'],
    ['Écrire à serine.canari@example.org', 'Écrire à [courriel]'],
    ['Canariennement vôtre', 'Canariennement vôtre'],
  ])('%s', (texte, attendu) => {
    expect(masquerTexte(texte, noms, '1988-04-12')).toBe(attendu);
  });

  it.each(['TA 120/80, pouls 98, T 38,5', 'depuis le 24/11/2026 et le 01.02.2025', 'TA 120/80 118/76 122/80', 'pouls 98 102 110', 'T 38.5 37.9 38.2 39.1', 'SpO2 98.5 97.2 96.1', 'Glycémie 540 mg/dl en 2019', '3 fois 500 mg par jour'])('a measure is no phone: %s', (texte) => {
    expect(masquerTexte(texte, noms)).toBe(texte);
  });

  it('a first name that is also a word stays where it is one: "Patient fébrile" stays whole', () => {
    for (const texte of ['Patient fébrile', 'patient fébrile, va bien', 'Grâce à la perfusion, va mieux. Patient calme.']) expect(masquerTexte(texte, ['Patient', 'Grâce', 'Bien'])).toBe(texte);
    expect(masquerTexte('Vu hier avec Patient et sa mère', ['Patient'])).toBe('Vu hier avec [nom] et sa mère');
  });

  it('is done in linear time', () => {
    const debut = performance.now();
    masquerTexte('1 '.repeat(50_000), noms);
    masquerTexte('a-'.repeat(50_000), noms);
    expect(performance.now() - debut).toBeLessThan(2_000);
  });
});

describe('what leaves the house', () => {
  const texteDe = ({ nom }: Champ): string => `Canarienne Sérinette 0970000101 ${nom}`;
  const valeurs = Object.fromEntries((CHAMPS as readonly Champ[]).map((champ) => {
    if (champ.identite) return [champ.nom, champ.type === 'date' ? '1992-09-20' : `identite-${champ.nom}`];
    return [champ.nom, { texte: texteDe(champ), date: '1992-09-20', choix: champ.choix?.[0]?.valeur, booleen: true, entier: 42, decimal: 38.5 }[champ.type]];
  })) as unknown as FicheValeurs;
  const lignes = pseudonymiser({ ...valeurs, nom: 'Canarienne', prenom: 'Sérinette' }, '34 ans');
  const champs = lignes.map(({ champ }) => champ);

  it('holds no identity, wherever it was typed', () => {
    const texte = JSON.stringify(lignes);
    for (const canari of ['identite-', 'Canarienne', 'Sérinette', '0970000101', '1992']) expect(texte).not.toContain(canari);
    for (const champ of (CHAMPS as readonly Champ[]).filter(({ identite }) => identite)) expect(champs).not.toContain(champ.nom);
  });

  it('holds age, sex and everything clinical: allergies, family, every region, hypotheses', () => {
    expect(champs).toEqual(expect.arrayContaining(['age', 'sexe', 'allergie_medicamenteuse', 'medicament_allergique', 'familial_drepanocytaire', 'details_medicaments', 'examen_gynecologique', 'membres', 'colonne_bassin', 'hypothese_patient_medecin', 'analyses_proposees', 'observations_importantes', 'preoccupations', 'trauma_deces_enfant']));
    expect(lignes.find(({ champ }) => champ === 'age')?.valeur).toBe('34 ans');
    expect(lignes.find(({ champ }) => champ === 'temperature')?.valeur).toBe('38,5 °C');
  });

  it('leaves out what is empty or unticked', () => {
    expect(pseudonymiser({ proche: false, hypertendu: false, motif_consultation: '', cou: null }, '')).toEqual([]);
  });
});

it('says an age as a clinician would', () => {
  expect(ageLisible('2026-11-24', '2026-11-24')).toBe('0 jour');
  expect(ageLisible('2026-11-12', '2026-11-24')).toBe('12 jours');
  expect(ageLisible('2026-06-30', '2026-11-24')).toBe('4 mois');
  expect(ageLisible('2022-12-01', '2026-11-24')).toBe('47 mois');
  expect(ageLisible('1992-11-25', '2026-11-24')).toBe('33 ans');
});
