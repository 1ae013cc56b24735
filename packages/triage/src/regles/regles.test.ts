import { describe, expect, test } from '@jest/globals';
import type { Bande } from '../age.ts';
import { LEXIQUE } from '../lexique.ts';
import type { FicheTriage, Urgence } from '../modele.ts';
import { triage } from '../triage.ts';
import { REGLES } from './index.ts';
import type { CodeSigne } from './index.ts';
import { champDe } from './regle.ts';
import type { Regle, Seuil } from './regle.ts';

const maintenant = new Date('2026-11-24T10:00:00Z');
const NAISSANCE: Record<Bande, string> = { moins_2_mois: '2026-10-30', '2_11_mois': '2026-03-01', '1_4_ans': '2024-03-01', '5_11_ans': '2018-03-01', '12_ans_et_plus': '1990-03-01' };
const normale: FicheTriage = { date_naissance: '1990-03-01', sexe: 'M', temperature: 37, spo2: 98, pouls: 76, frequence_respiratoire: 16, tension_arterielle: '120/80', motif_consultation: 'Mal au dos depuis une semaine.' };
const femme: FicheTriage = { ...normale, sexe: 'F' };
const enfant: FicheTriage = { ...normale, date_naissance: '2024-03-01', pouls: 110, frequence_respiratoire: 28, tension_arterielle: null };
const RANG: Record<Urgence, number> = { vert: 0, jaune: 1, orange: 2, rouge: 3 };

const niveau = (fiche: FicheTriage, code: CodeSigne): Urgence => triage(fiche, { maintenant }).signes_alerte.find((s) => s.code === code)?.niveau ?? 'vert';
const avec = (base: FicheTriage, motif: string, autres: FicheTriage = {}): FicheTriage => ({ ...base, motif_consultation: motif, ...autres });

/**
 * For each row: a fiche that fires it (with its level), one just short of it, and, when it is read from text, the finding as a noun phrase
 * to be denied, given to somebody else, put in the past, into a hypothesis, to a child and to a pregnant woman. A row without an entry does not compile.
 */
type Exemple = { tire: FicheTriage; niveau: Urgence; court: FicheTriage; texte?: string; base?: FicheTriage };
const grosse = (motif: string, autres: FicheTriage = {}): FicheTriage => avec(femme, `Enceinte de 7 mois. ${motif}`, autres);
const accouchee = (motif: string, autres: FicheTriage = {}): FicheTriage => avec(femme, `Accouchée il y a 10 jours. ${motif}`, autres);
const bebe = (date: string, motif: string, autres: FicheTriage = {}): FicheTriage => ({ date_naissance: date, temperature: 37, pouls: 130, frequence_respiratoire: 40, spo2: 98, motif_consultation: motif, ...autres });

const EXEMPLES: Record<CodeSigne, Exemple> = {
  stridor: { tire: avec(normale, 'Stridor depuis ce matin.'), niveau: 'rouge', court: normale, texte: 'stridor' },
  detresse_respiratoire: { tire: avec(normale, 'Tirage sous-costal.'), niveau: 'rouge', court: avec(normale, 'Rhume.'), texte: 'détresse respiratoire' },
  cyanose: { tire: avec(normale, 'Il a les lèvres bleues.'), niveau: 'rouge', court: avec(normale, 'Il porte un pantalon bleu et tousse.'), texte: 'cyanose' },
  apnee: { tire: avec(normale, 'Il a arrêté de respirer.'), niveau: 'rouge', court: avec(normale, 'Apnée du sommeil appareillée.'), texte: 'apnée' },
  spo2_basse: { tire: { ...normale, spo2: 91 }, niveau: 'orange', court: { ...normale, spo2: 92 } },
  fr_a_risque: { tire: { ...normale, frequence_respiratoire: 31 }, niveau: 'orange', court: { ...normale, frequence_respiratoire: 30 } },
  respiration_rapide_enfant: { tire: avec(enfant, 'Tousse depuis deux jours.', { frequence_respiratoire: 40 }), niveau: 'jaune', court: avec(enfant, 'Tousse depuis deux jours.', { frequence_respiratoire: 39 }) },
  douleur_thoracique: { tire: avec(normale, 'Douleur thoracique avec sueurs.'), niveau: 'rouge', court: avec(normale, 'Douleur du genou avec sueurs.'), texte: 'douleurs thoraciques' },
  fc_a_risque: { tire: { ...normale, pouls: 131 }, niveau: 'orange', court: { ...normale, pouls: 130 } },
  fc_critique: { tire: { ...normale, pouls: 151 }, niveau: 'rouge', court: { ...normale, pouls: 150 } },
  temperature_a_risque: { tire: { ...normale, temperature: 39.1 }, niveau: 'orange', court: { ...normale, temperature: 39 } },
  hypotension: { tire: { ...normale, tension_arterielle: '90/60' }, niveau: 'orange', court: { ...normale, tension_arterielle: '91/60' } },
  choc: { tire: avec(normale, 'TRC à 4 secondes.'), niveau: 'rouge', court: avec(normale, 'TRC à 2 secondes.'), texte: 'marbrures' },
  news2_eleve: { tire: { ...normale, frequence_respiratoire: 25 }, niveau: 'orange', court: { ...normale, frequence_respiratoire: 24 } },
  hta_severe: { tire: { ...normale, tension_arterielle: '180/100' }, niveau: 'jaune', court: { ...normale, tension_arterielle: '179/109' } },
  saignement_abondant: { tire: avec(normale, 'Saigne abondamment de la jambe.'), niveau: 'rouge', court: avec(normale, 'Prise de sang ce matin.'), texte: 'hémorragie' },
  hemorragie_digestive: { tire: avec(normale, 'Hématémèse abondante.'), niveau: 'rouge', court: avec(normale, 'Vomissements alimentaires.'), texte: 'hématémèse' },
  hemoptysie: { tire: avec(normale, 'Crache du sang.'), niveau: 'orange', court: avec(normale, 'Crachats jaunes, toux.'), texte: 'hémoptysie' },
  syncope: { tire: avec(normale, "S'est évanoui au marché."), niveau: 'orange', court: avec(normale, 'Vertiges au lever.'), texte: 'syncope' },
  paleur_severe: { tire: avec(normale, 'Très pâle, paumes blanches.'), niveau: 'orange', court: avec(normale, 'Fatigue depuis une semaine.'), texte: 'pâleur sévère' },
  convulsions: { tire: avec(normale, 'A convulsé cette nuit.'), niveau: 'rouge', court: avec(normale, 'Tremblement fin des doigts.'), texte: 'convulsions' },
  convulsion_isolee: { tire: avec(normale, 'Crise convulsive hier, a bien récupéré.', { epileptique: true }), niveau: 'jaune', court: avec(normale, 'Crise convulsive hier.', { epileptique: true }) },
  conscience_alteree: { tire: avec(normale, 'Glasgow à 14/15.'), niveau: 'rouge', court: avec(normale, 'Glasgow à 15/15.'), texte: 'léthargie' },
  syndrome_meninge: { tire: avec(normale, 'Fièvre et raideur de nuque.'), niveau: 'rouge', court: avec(normale, 'Fièvre et céphalées.') },
  grossesse_saignement: { tire: grosse('Saigne.'), niveau: 'rouge', court: grosse('Prise de sang.'), texte: 'saignements', base: grosse('') },
  grossesse_douleur_abdominale: { tire: grosse('Douleurs abdominales.'), niveau: 'rouge', court: grosse('Mal au dos.'), texte: 'douleurs abdominales', base: grosse('') },
  grossesse_cephalee_vision: { tire: grosse('Maux de tête violents.'), niveau: 'rouge', court: grosse('Mal au dos.'), texte: 'vision floue', base: grosse('') },
  eclampsie: { tire: grosse('A convulsé.'), niveau: 'rouge', court: avec(femme, 'Pas enceinte. A convulsé.'), texte: 'convulsions', base: grosse('') },
  travail_actif: { tire: grosse('Contractions toutes les cinq minutes.'), niveau: 'rouge', court: grosse('Fatiguée par mon travail au marché.'), texte: 'contractions', base: grosse('') },
  grossesse_trauma: { tire: grosse('Chute dans les escaliers.'), niveau: 'rouge', court: grosse('Mal au dos.'), texte: 'chute', base: grosse('') },
  grossesse_fievre: { tire: grosse('Mal de gorge.', { temperature: 38 }), niveau: 'orange', court: grosse('Mal de gorge.', { temperature: 37.9 }), texte: 'fièvre', base: grosse('') },
  rupture_membranes: { tire: grosse('Perte des eaux.'), niveau: 'orange', court: grosse('Pertes blanches.'), texte: 'rupture des membranes', base: grosse('') },
  mouvements_foetaux: { tire: grosse('Je sens moins le bébé bouger.'), niveau: 'orange', court: grosse('Le bébé bouge bien.') },
  grossesse_extra_uterine: { tire: avec(femme, 'Douleurs pelviennes.'), niveau: 'orange', court: avec(femme, "Je ne suis pas enceinte. J'ai des douleurs pelviennes."), texte: 'douleurs pelviennes', base: avec(femme, '') },
  hta_grossesse_severe: { tire: grosse('', { tension_arterielle: '160/90' }), niveau: 'rouge', court: grosse('', { tension_arterielle: '159/109' }) },
  hta_grossesse: { tire: grosse('', { tension_arterielle: '140/80' }), niveau: 'orange', court: grosse('', { tension_arterielle: '139/89' }) },
  constantes_obstetricales: { tire: grosse('', { pouls: 121 }), niveau: 'orange', court: grosse('', { pouls: 120 }) },
  post_partum_hemorragie: { tire: accouchee('Saigne avec des caillots.'), niveau: 'rouge', court: accouchee('Lochies normales.'), texte: 'hémorragie', base: accouchee('') },
  post_partum_infection: { tire: accouchee('Fièvre et lochies fétides.'), niveau: 'orange', court: accouchee('Lochies normales, mal de gorge.') },
  nourrisson_moins_8_jours: { tire: bebe('2026-11-17', 'Pleure beaucoup.'), niveau: 'rouge', court: bebe('2026-11-16', 'Pleure beaucoup.') },
  fievre_nourrisson: { tire: bebe('2026-10-24', 'Pleure beaucoup.', { temperature: 38 }), niveau: 'rouge', court: bebe('2026-10-24', 'Pleure beaucoup.', { temperature: 37.9 }), texte: 'fièvre', base: bebe('2026-10-24', '') },
  jeune_nourrisson: { tire: bebe('2026-06-01', 'Pleure beaucoup.'), niveau: 'jaune', court: bebe('2026-05-20', 'Pleure beaucoup.') },
  idees_suicidaires: { tire: avec(normale, 'Tentative de suicide cette nuit.'), niveau: 'rouge', court: avec(normale, 'Je ne veux pas mourir, soignez mon dos.') },
  valeur_a_verifier: { tire: { ...normale, temperature: 386 }, niveau: 'jaune', court: normale },
  texte_non_analysable: { tire: avec(normale, 'I feel dizzy and weak'), niveau: 'jaune', court: normale },
  non_evaluable: { tire: avec(normale, 'Fièvre.', { pouls: null, frequence_respiratoire: null }), niveau: 'jaune', court: avec(normale, 'Fièvre.', { pouls: null }) },
};
const CODES = Object.keys(EXEMPLES) as CodeSigne[];

test('every row has one code, a label, a source and an example', () => {
  expect(REGLES.map((r) => r.code).toSorted()).toEqual(CODES.toSorted());
  for (const r of REGLES as readonly Regle[]) {
    expect(r.sources.length).toBeGreaterThan(0);
    expect(r.libelle && r.qui && r.condition).toBeTruthy();
  }
});

describe.each(CODES)('%s', (code) => {
  const { tire, niveau: attendu, court, texte, base = normale } = EXEMPLES[code];
  const phrase = (motif: string): FicheTriage => avec(base, `${base.motif_consultation === normale.motif_consultation ? '' : base.motif_consultation} ${motif}`);
  test('fires on its example, with its source and fields', () => {
    const signe = triage(tire, { maintenant }).signes_alerte.find((s) => s.code === code);
    expect(signe).toMatchObject({ niveau: attendu, source: expect.stringMatching(/.+/), libelle: expect.stringMatching(/.+/) });
    expect(signe!.champs.length).toBeGreaterThan(0);
  });
  test('does not fire just short of it, nor on a fiche without complaint', () => {
    expect(niveau(court, code)).toBe('vert');
    expect(niveau(normale, code)).toBe('vert');
  });
  if (texte === undefined) return;
  test.each([
    `Présente ${texte} depuis ce matin.`, `Pas de fièvre mais ${texte}.`, `Il y a ${texte} aujourd’hui`, `sa mère rapporte ${texte}`, `pas de rhume, ${texte} depuis hier`, texte.toUpperCase(), `${texte} : oui`,
  ])('fires: %s', (motif) => expect(RANG[niveau(phrase(motif), code)]).toBeGreaterThanOrEqual(RANG.orange));
  test.each([
    `Pas de ${texte}.`, `Aucune notion de ${texte}.`, `Toux sans ${texte}.`, `Ni rhume ni ${texte}.`, `${texte} : non`, `${texte} ? Non.`, `Absence de ${texte}`, `Pas de rhume, de toux ni de ${texte}.`,
    `Ma sœur a eu ${texte}.`, `Mon voisin présente ${texte}.`, `A eu ${texte} en 2015.`, `${texte} il y a 4 ans`, `Antécédent de ${texte}.`, `Revenir si ${texte}.`, `J’ai peur de faire une ${texte}.`, `En cas de ${texte}, que faire ?`,
  ])('does not fire: %s', (motif) => expect(niveau(phrase(motif), code)).toBe('vert'));
  test('asks when the negation can be read both ways', () => {
    const signe = triage(phrase(`Pas de rhume, ${texte}.`), { maintenant });
    const trouve = signe.signes_alerte.find((s) => s.code === code);
    expect(trouve?.libelle).toContain('à confirmer');
    expect(signe.valeurs_a_verifier.length).toBeGreaterThan(0);
    expect(trouve?.niveau).toBe(attendu === 'rouge' ? 'orange' : 'jaune');
  });
});

describe('findings of the lexicon that fire by themselves', () => {
  const lignes = (REGLES as readonly Regle<CodeSigne>[]).flatMap((r) => (r.signes ?? []).map((c) => ({ code: r.code, niveau: r.niveau, exemple: LEXIQUE[c].exemple })));
  test.each(lignes)('$code: $exemple, adult, child, pregnant', ({ code, niveau: attendu, exemple }) => {
    for (const fiche of [normale, enfant, femme, avec(femme, 'x')]) {
      const motif = fiche.motif_consultation === 'x' ? `Enceinte de 6 mois, présente ${exemple} depuis hier.` : `Présente ${exemple} depuis hier.`;
      expect(RANG[niveau(avec(fiche, motif), code)]).toBeGreaterThanOrEqual(RANG[attendu]);
    }
  });
});

describe('limits on measures', () => {
  const ecrire = (s: Seuil, valeur: number): FicheTriage => (s.champ === 'tas' ? { tension_arterielle: `${valeur}/50` } : { [champDe(s.champ)]: valeur });
  const lignes = (REGLES as readonly Regle<CodeSigne>[]).flatMap((r) => (r.seuils ?? []).flatMap((s) => s.bandes.map((bande) => ({ code: r.code, s, bande }))));
  test.each(lignes)('$code $s.champ $s.sens $s.valeur ($bande)', ({ code, s, bande }) => {
    const pas = s.champ === 'temperature' ? 0.1 : 1;
    const sens = s.sens.startsWith('<') ? -1 : 1;
    const strict = s.sens.length === 1;
    const dedans = strict ? s.valeur + sens * pas : s.valeur;
    const dehors = strict ? s.valeur : s.valeur - sens * pas;
    const base: FicheTriage = { date_naissance: NAISSANCE[bande], sexe: 'M', motif_consultation: 'Mal au dos depuis une semaine.' };
    expect(RANG[niveau({ ...base, ...ecrire(s, dedans) }, code)]).toBeGreaterThanOrEqual(RANG[s.niveau]);
    expect(RANG[niveau({ ...base, ...ecrire(s, dehors) }, code)]).toBeLessThan(RANG[s.niveau]);
    expect(niveau(base, code)).toBe('vert');
  });
});
