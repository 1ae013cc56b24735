import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FicheTriage, Urgence } from './modele.ts';
import type { ResultatTriage } from './resultat.ts';
import { triage } from './triage.ts';

const maintenant = new Date('2026-11-24T10:00:00Z');
const RANG: Record<Urgence, number> = { vert: 0, jaune: 1, orange: 2, rouge: 3 };
/** Signs that only say that too little is known: more knowledge may end them, nothing else is ever lowered. */
const IGNORANCE = new Set(['non_evaluable', 'valeur_a_verifier']);
const clinique = (r: ResultatTriage): number => Math.max(0, ...r.signes_alerte.filter((s) => !IGNORANCE.has(s.code)).map((s) => RANG[s.niveau]));
const lire = (fiche: FicheTriage): ResultatTriage => triage(fiche, { maintenant });

const SIGNES = ['Convulsions ce matin.', 'Lèvres bleues.', 'Saigne beaucoup.', 'Fièvre.', 'Céphalées intenses.', 'Raideur de nuque.', 'Douleur thoracique.', 'Sueurs profuses.', 'Toux.', 'Vomit du sang.', 'Évanouissement hier.', 'Enceinte de 6 mois.',
  'Douleurs pelviennes.', 'Vision floue.', 'Très pâle.', 'Confus.', 'Accouchée il y a 5 jours.', 'Pertes malodorantes.', 'Contractions.', 'Perte des eaux.', 'Retard de règles.', 'Ne tète plus.', 'Dyspnée.', 'Marbrures.', 'Crache du sang.'];
const NIES = ['Pas de convulsions.', 'Ni toux ni fièvre.', 'Mal au dos.', 'Ma sœur saigne.', 'Syncope en 2012.', 'Revenir si fièvre.', 'Sans dyspnée.'];
const motif = fc.array(fc.constantFrom(...SIGNES, ...NIES), { maxLength: 5 });
const optionnel = <T>(a: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(a, { nil: null, freq: 2 });
const fiche: fc.Arbitrary<FicheTriage & { phrases: string[] }> = fc.record({
  date_naissance: fc.constantFrom('2026-11-20', '2026-10-20', '2026-03-01', '2024-01-01', '2017-01-01', '2012-01-01', '1996-01-01', '1970-01-01', '1950-01-01'),
  sexe: fc.constantFrom('M', 'F', null), febrile: fc.constantFrom('Oui', 'Non', null), cephalees: fc.boolean(), troubles_visuels: fc.boolean(), coloration_palpebrale: fc.constantFrom('normale', 'pale'),
  temperature: optionnel(fc.integer({ min: 340, max: 415 }).map((n) => n / 10)), spo2: optionnel(fc.integer({ min: 70, max: 100 })), pouls: optionnel(fc.integer({ min: 30, max: 200 })),
  frequence_respiratoire: optionnel(fc.integer({ min: 6, max: 70 })), tension_arterielle: optionnel(fc.tuple(fc.integer({ min: 65, max: 230 }), fc.integer({ min: 31, max: 60 })).map(([s, d]) => `${s}/${d}`)), phrases: motif,
});
const ecrire = ({ phrases, ...reste }: FicheTriage & { phrases: string[] }): FicheTriage => ({ ...reste, motif_consultation: phrases.join(' ') });

test('adding a finding to the text never lowers', () => {
  fc.assert(fc.property(fiche, fc.constantFrom(...SIGNES), (f, signe) => {
    expect(clinique(lire(ecrire({ ...f, phrases: [...f.phrases, signe] })))).toBeGreaterThanOrEqual(clinique(lire(ecrire(f))));
  }), { numRuns: 700 });
});

test('adding a denial, a relative or a past fact never lowers', () => {
  fc.assert(fc.property(fiche, fc.constantFrom(...NIES), (f, phrase) => {
    expect(clinique(lire(ecrire({ ...f, phrases: [...f.phrases, phrase] })))).toBeGreaterThanOrEqual(clinique(lire(ecrire(f))));
  }), { numRuns: 300 });
});

test('a normal reading of a missing vital sign never lowers', () => {
  const normales: FicheTriage[] = [{ temperature: 37 }, { spo2: 99 }, { pouls: 90 }, { frequence_respiratoire: 25 }, { frequence_respiratoire: 16 }, { tension_arterielle: '118/76' }, { febrile: 'Non' }, { coloration_palpebrale: 'normale' }];
  fc.assert(fc.property(fiche, fc.constantFrom(...normales), (f, normale) => {
    const champ = Object.keys(normale)[0] as keyof FicheTriage;
    const sans = ecrire({ ...f, [champ]: null });
    expect(clinique(lire({ ...sans, ...normale }))).toBeGreaterThanOrEqual(clinique(lire(sans)));
  }), { numRuns: 500 });
});

test('a positive tick or an abnormal value never lowers', () => {
  const anormales: FicheTriage[] = [{ cephalees: true }, { troubles_visuels: true }, { febrile: 'Oui' }, { coloration_palpebrale: 'pale' }, { spo2: 60 }, { pouls: 210 }, { temperature: 41.5 }, { temperature: 33 }, { frequence_respiratoire: 70 }, { tension_arterielle: '230/120' }, { tension_arterielle: '60/35' }];
  fc.assert(fc.property(fiche, fc.constantFrom(...anormales), (f, anormale) => {
    const sans = ecrire({ ...f, [Object.keys(anormale)[0]!]: null });
    expect(clinique(lire({ ...sans, ...anormale }))).toBeGreaterThanOrEqual(clinique(lire(sans)));
  }), { numRuns: 700 });
});

test('further from normal never lowers', () => {
  const echelles: [keyof FicheTriage, number[]][] = [['spo2', [95, 92, 91, 90, 89, 85, 84, 60]], ['pouls', [101, 111, 131, 141, 151, 181, 230]], ['pouls', [59, 50, 49, 40, 25]], ['frequence_respiratoire', [30, 31, 40, 41, 50, 51, 60, 70]], ['temperature', [38, 38.1, 39, 39.1, 41, 43]], ['temperature', [36, 35.9, 35, 33]]];
  fc.assert(fc.property(fiche, fc.constantFrom(...echelles), (f, [champ, valeurs]) => {
    const niveaux = valeurs.map((v) => clinique(lire({ ...ecrire(f), [champ]: v })));
    expect(niveaux).toEqual(niveaux.toSorted((a, b) => a - b));
  }), { numRuns: 300 });
});

test('any content whatever gives a result, the same twice, with grounds for vert', () => {
  const valeur = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.double(), fc.boolean(), fc.constant(null), fc.object(), fc.constant({ toString: 0 }));
  const champs = ['date_naissance', 'age', 'sexe', 'temperature', 'spo2', 'pouls', 'frequence_respiratoire', 'tension_arterielle', 'poids', 'motif_consultation', 'histoire_maladie', 'febrile', 'poumons', 'autres_antecedents'];
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...champs), valeur), (brut) => {
    const r = lire(brut as FicheTriage);
    expect(lire(brut as FicheTriage)).toEqual(r);
    expect(r.urgence === 'vert').toBe(r.signes_alerte.length === 0);
  }), { numRuns: 500 });
});
