import { describe, expect, test } from '@jest/globals';
import type { FicheTriage, Urgence } from '../modele.ts';
import { orientation } from '../textes.ts';
import { triage } from '../triage.ts';

const maintenant = new Date('2026-11-24T10:00:00Z');
const normale: FicheTriage = { date_naissance: '1996-01-01', sexe: 'F', temperature: 37, spo2: 98, pouls: 80, frequence_respiratoire: 16, tension_arterielle: '118/76', motif_consultation: 'Mal au dos depuis une semaine.' };
const niveau = (fiche: FicheTriage): Urgence => triage({ ...normale, ...fiche }, { maintenant }).signes_alerte.find(({ code }) => code === 'idees_suicidaires')?.niveau ?? 'vert';

describe('thoughts of suicide are found wherever the patient writes of them', () => {
  test.each([
    "je veux mourir, j'ai pris tous les comprimés", "J'ai pris tous les comprimés. Je veux mourir", 'Tentative de suicide hier soir', "Il s'est ouvert les veines", "A bu de l'eau de javel", 'Je veux me pendre', "J'ai écrit une lettre d'adieu", 'amejiua',
  ])('plan, means, act or note: %s', (texte) => {
    expect(niveau({ messages: [texte] })).toBe('rouge');
    expect(niveau({ preoccupations: texte })).toBe('rouge');
  });

  test.each([
    'Je veux mourir', "Je n'ai plus envie de vivre", 'Je pense souvent à la mort', 'Je veux en finir', "J'ai des idées noires", 'Nataka kufa', 'Si ça continue je vais me suicider', "J'ai peur de me suicider", 'La douleur va me tuer',
  ])('a wish without a plan, or words that may mean it: %s', (texte) => expect(niveau({ messages: [texte] })).toBe('orange'));

  test.each([
    'Je ne veux pas mourir', "Pas d'idées suicidaires.", 'Ma sœur a fait une tentative de suicide.', 'Tentative de suicide en 2015.', "J'ai pris tous les comprimés prescrits, merci docteur.", 'RAS, pas de suicide',
  ])('nothing: %s', (texte) => expect(niveau({ messages: [texte] })).toBe('vert'));

  test('have a text of their own for the patient', () => {
    expect(orientation('rouge', { code: 'idees_suicidaires', telephoneUrgence: '112' })).toMatch(/pas seul.*112/);
    expect(orientation('rouge', { code: 'idees_suicidaires' })).not.toMatch(/[[\]{}]/);
  });
});
