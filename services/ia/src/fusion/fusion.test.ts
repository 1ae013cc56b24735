import { describe, expect, test } from '@jest/globals';
import { hypothese, vote } from '../vote.memory.ts';
import { ROLES_VOIX, type Urgence, type VoteDeVoix } from '../voix/vote.ts';
import { fusionner } from './fusionner.ts';
import { groupeCim10 } from './groupes-cim10.ts';
import { lireSynthese } from './synthese.ts';
import { echapper, listeDiagnostics, tableauEnTexte, texteDeVoix, texteSynthese, type SectionsSynthese } from './texte.ts';

const voix = (...votes: Parameters<typeof vote>[0][]): VoteDeVoix[] => votes.map((v, i) => ({ role: ROLES_VOIX[i] as VoteDeVoix['role'], vote: vote(v) }));
const hypotheses = (...codes: string[]) => ({ hypotheses: codes.map((code, i) => hypothese(`Diagnostic ${code}`, code, { probabilite: 0.9 - i / 10 })) });
const ordre = (votes: VoteDeVoix[]): string[] => fusionner(votes, 'vert').hypotheses.map((h) => `${h.groupe} ${h.voix.length}`);

test.each([['B50.9', 'B50-B54'], ['B54', 'B50-B54'], ['I21.9', 'I20-I24'], ['A16.2', 'A15-A19'], ['J18.9', 'J12-J18'], ['J20.9', 'J20'], ['I25.1', 'I25'], ['A20', 'A20'], ['B55.0', 'B55']])('%s rolls up to %s', (code, cle) => {
  expect(groupeCim10(code).cle).toBe(cle);
});

describe('the merge', () => {
  test('counts voices by clinical group, a vendor once', () => {
    expect(ordre(voix(hypotheses('B50.9', 'B54', 'A01.0'), hypotheses('B54', 'J18.9'), hypotheses('J15.1', 'B53')))).toEqual(['B50-B54 3', 'J12-J18 2', 'A01 1']);
  });

  test('gives the same table whatever the order of the voices', () => {
    const votes = voix(hypotheses('B54', 'A01'), hypotheses('A01', 'J18'), hypotheses('G03', 'B54'));
    expect(fusionner([...votes].reverse(), 'vert')).toEqual(fusionner(votes, 'vert'));
  });

  test('always shows the most dangerous hypothesis that one voice alone holds', () => {
    const communs = ['B54', 'A01', 'A09', 'N39.0', 'K29.7', 'R51'];
    const fusion = fusionner(voix(hypotheses(...communs), hypotheses(...communs), hypotheses(...communs, 'O00.9', 'G00.9')), 'vert');
    expect(fusion.hypotheses.map((h) => h.groupe)).toEqual(['B50-B54', 'A01', 'A09', 'N39', 'K29', 'G00']);
    expect(fusion.hypotheses.filter((h) => h.aNePasManquer).map((h) => h.groupe)).toEqual(['G00']);
    expect(listeDiagnostics(fusion)).toMatch(/G00\.9\) — accord entre voix : 1\/3 — avis minoritaire à ne pas manquer/u);
  });

  test('joins equal texts and says who gave them', () => {
    const fusion = fusionner(voix({ examens: ['NFS', 'Goutte épaisse'] }, { examens: ['goutte  Épaisse'] }), 'vert');
    expect(fusion.examens).toEqual([{ texte: 'Goutte épaisse', voix: ['gpt4', 'claude'] }, { texte: 'NFS', voix: ['gpt4'] }]);
  });
});

describe('urgency', () => {
  const niveaux = (regles: Urgence, ...urgences: Urgence[]) => fusionner(voix(...urgences.map((urgence) => ({ urgence }))), regles).urgence;

  test.each<[Urgence[], Urgence]>([
    [['vert', 'vert', 'vert'], 'vert'],
    [['rouge', 'rouge', 'vert'], 'rouge'],
    [['rouge', 'orange', 'vert'], 'orange'],
    [['rouge', 'vert', 'vert'], 'orange'],
    [['rouge', 'jaune', 'jaune'], 'orange'],
    [['jaune', 'vert', 'vert'], 'jaune'],
    [['rouge'], 'orange'],
  ])('%j raises to %s', (urgences, attendue) => {
    expect(niveaux('vert', ...urgences).urgence).toBe(attendue);
  });

  test('a voice that cites no field of the fiche raises nothing', () => {
    const sansAppui = { urgence: 'rouge' as const, hypotheses: [hypothese('Méningite', 'G03', { arguments_pour: [] })] };
    expect(fusionner(voix(sansAppui, sansAppui), 'vert').urgence.urgence).toBeUndefined();
    expect(fusionner(voix(sansAppui, { urgence: 'rouge' }, { urgence: 'vert' }), 'vert').urgence.urgence).toBe('orange');
  });

  test('two levels apart, the rules included, is told', () => {
    expect(niveaux('vert', 'vert', 'jaune', 'vert').ecart).toBe(false);
    expect(niveaux('vert', 'vert', 'orange', 'vert').ecart).toBe(true);
    expect(niveaux('rouge', 'jaune', 'jaune', 'jaune').ecart).toBe(true);
  });

  test('a voice alone above the others and the rules is told', () => {
    expect(niveaux('vert', 'orange', 'jaune', 'jaune').voixSeule).toBe(true);
    expect(niveaux('orange', 'orange', 'jaune', 'jaune').voixSeule).toBe(false);
  });
});

describe('the text', () => {
  const premiere = (votes: VoteDeVoix[], regles: Urgence = 'jaune', simulation = false) => texteSynthese(fusionner(votes, regles), undefined, simulation).split('\n')[0];

  test('three voices that agree: six sections and the agreement, no warning', () => {
    const texte = texteSynthese(fusionner(voix({}, {}, {}), 'jaune'), undefined, false);
    expect(texte).toMatch(/^Synthèse de 3 voix sur 3 \(GPT-4, Claude, Gemini\)\n/u);
    for (const titre of ['Synthèse clinique', 'Diagnostics différentiels', 'Examens paracliniques', 'Traitement', 'Éducation', 'Références (non vérifiées)']) expect(texte).toContain(`\n${titre}\n`);
    expect(texte).toContain('1. Paludisme simple (B54) — accord entre voix : 3/3');
    expect(texte).toContain('Rédigée sans modèle');
    expect(texte).not.toMatch(/partiel|ATTENTION|%|probabilit/u);
  });

  test('two of three: partial in the title and in the score', () => {
    const texte = texteSynthese(fusionner(voix({}, {}), 'jaune'), undefined, false);
    expect(texte.split('\n')[0]).toBe('Synthèse de 2 voix sur 3 (GPT-4, Claude) — accord partiel');
    expect(texte).toContain('accord entre voix : 2/2, accord partiel');
  });

  test('one voice, or urgencies two levels apart: said in the first line', () => {
    expect(premiere(voix({}))).toMatch(/^ATTENTION.*une seule voix valide sur 3/u);
    expect(premiere(voix({}, {}, { urgence: 'rouge' }))).toMatch(/^ATTENTION.*diffèrent de deux degrés/u);
    expect(premiere(voix({}, {}, {}), 'jaune', true)).toMatch(/^SIMULATION — Synthèse/u);
    expect(premiere(voix({}), 'jaune', true)).toMatch(/^SIMULATION — ATTENTION/u);
  });

  test('what is stored can hold no tag', () => {
    const texte = echapper(texteDeVoix('gpt4', vote({ education: ['<img src=x onerror=alert(1)> & co'] })));
    expect(texte).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; co');
    expect(texte).not.toMatch(/[<>]/u);
  });
});

describe('the wording of a model', () => {
  const tableau = tableauEnTexte(fusionner(voix({}, {}, {}), 'jaune'));
  const sections: SectionsSynthese = {
    synthese_clinique: 'Une fièvre élevée chez une adulte.', diagnostics_differentiels: 'Le paludisme (B54) est le plus partagé.', examens_paracliniques: 'Goutte épaisse et NFS.',
    traitement: 'Artéméther-luméfantrine 80/480 mg deux fois par jour pendant 3 jours.', education: 'Dormir sous une moustiquaire.', references: 'OMS 2023.',
  };
  const lire = (plus: Partial<SectionsSynthese>, texte = JSON.stringify({ ...sections, ...plus })) => lireSynthese({ texte, refus: false, tronque: false }, tableau);

  test('is taken when it adds nothing', () => {
    expect(lire({})).toEqual(sections);
    expect(texteSynthese(fusionner(voix({}, {}, {}), 'jaune'), sections, false)).toMatch(/Diagnostics différentiels\n1\. Paludisme simple.*\n.*\nLe paludisme \(B54\)/u);
  });

  test.each([
    ['a diagnosis', { diagnostics_differentiels: 'Le paludisme (B54) ou la méningite (G03.9).' }],
    ['a dose', { traitement: 'Artéméther-luméfantrine 160 mg deux fois par jour.' }],
    ['a duration', { traitement: 'Artéméther-luméfantrine pendant 7 jours.' }],
    ['an empty summary', { synthese_clinique: ' ' }],
    ['another language', { synthese_clinique: 'The patient is a woman with a high fever and she was in the south for a week.' }],
  ])('is refused when it adds %s', (_nom, plus) => {
    expect(lire(plus)).toBeUndefined();
  });

  test('is refused when it is no JSON or a refusal', () => {
    expect(lire({}, 'Voici la synthèse')).toBeUndefined();
    expect(lireSynthese({ texte: '', refus: true, tronque: false }, tableau)).toBeUndefined();
  });
});
