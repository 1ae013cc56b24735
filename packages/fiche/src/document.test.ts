import { describe, expect, it } from '@jest/globals';
import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import { sectionsDocument, valeurImprimee } from './document.ts';
import { lireFiche } from './lire-fiche.ts';
import { saisieMinimale, saisiesDe } from './saisies.memory.ts';

const lues = (plus: Record<string, unknown>) => lireFiche({ ...saisieMinimale, ...plus }, { complet: true, defauts: true }).valeurs;

describe('what is printed of a fiche', () => {
  const sections = sectionsDocument({ ...lues({ sexe: 'F', temperature: '38,5', spo2: 97, tension_arterielle: '120/80', poids: 62, hypertendu: true, tabac: 'tres_souvent', motif_consultation: 'Fièvre' }), date_consultation: '2026-11-24' });
  const valeurDe = (champ: string): string | undefined => sections.flatMap(({ lignes }) => lignes).find((ligne) => ligne.champ === champ)?.valeur;

  it('is written as a French reader reads it', () => {
    expect(Object.fromEntries(['date_naissance', 'age', 'sexe', 'temperature', 'spo2', 'tension_arterielle', 'poids', 'hypertendu', 'tabac', 'motif_consultation'].map((nom) => [nom, valeurDe(nom)]))).toEqual({
      date_naissance: '20/09/1992', age: '34 ans', sexe: 'Féminin', temperature: '38,5 °C', spo2: '97 %', tension_arterielle: '120/80 mmHg', poids: '62 kg', hypertendu: 'Oui', tabac: 'Très souvent', motif_consultation: 'Fièvre',
    });
  });

  it('follows the sections of the paper fiche, and leaves out what is empty or unticked', () => {
    expect(sections.map(({ titre }) => titre)).toEqual(['Identité', 'Signes vitaux', 'Fiche remplie par', 'Anamnèse', 'Antécédents personnels', 'Mode de vie', 'Évènements de vie', 'Examen général']);
    expect(sections[4]).toEqual({ section: 'antecedents', titre: 'Antécédents personnels', lignes: [{ champ: 'hypertendu', libelle: 'Hypertension', valeur: 'Oui' }] });
    expect(['diabetique', 'cou', 'pouls', 'occupation_inconnue'].map(valeurDe)).toEqual([undefined, undefined, undefined, undefined]);
    expect(sectionsDocument({})).toEqual([]);
  });

  it('tells the age of a small child as a clinician would, and of one year in the singular', () => {
    const ageDe = (valeurs: Parameters<typeof sectionsDocument>[0]): string | undefined => sectionsDocument(valeurs)[0]?.lignes.at(-1)?.valeur;
    expect(ageDe({ date_naissance: '2026-11-12', age: 0, date_consultation: '2026-11-24' })).toBe('12 jours');
    expect([0, 1, 2].map((age) => ageDe({ age }))).toEqual(['0 an', '1 an', '2 ans']);
  });
});

it.each((CHAMPS as readonly Champ[]).map((champ) => [champ.nom, champ] as const))('%s is printed whatever may be read of it, without a trace of the machine', (nom, champ) => {
  for (const saisie of saisiesDe(champ)) {
    if (!('lu' in saisie)) continue;
    const texte = valeurImprimee(champ, saisie.lu);
    if (saisie.lu === null || saisie.lu === false) expect(texte).toBeNull();
    else expect(texte).not.toMatch(/^(null|undefined|true|NaN|\[object)/);
    expect(sectionsDocument({ [nom]: saisie.lu }).flatMap(({ lignes }) => lignes)).toEqual(texte === null ? [] : [{ champ: nom, libelle: champ.libelle, valeur: texte }]);
  }
});
