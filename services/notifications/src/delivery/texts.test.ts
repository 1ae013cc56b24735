import { describe, expect, test } from '@jest/globals';
import { modeles } from './delivery.ts';
import { formatTime, writeText } from './texts.ts';

const parameters = { modele: 'fiche_prete' as const, prenom: 'Amani', numeroDossier: 'CONS-20260302-001', ficheId: 12, debut: null, fuseau: 'Africa/Lubumbashi' };
const context = { publicUrl: 'https://mediai.example/', invitation: 'Bonjour, envoyez "join sand-box" au +14155238886.' };

describe('texts', () => {
  test('a fiche: first name, dossier number and a link', () => {
    expect(writeText(parameters, context)).toEqual({
      body: 'Bonjour Amani, votre fiche CONS-20260302-001 est prête. Lisez-la ici : https://mediai.example/fiches/12',
      variables: { 1: 'Amani', 2: 'CONS-20260302-001', 3: 'https://mediai.example/fiches/12' },
    });
  });

  test('an appointment: the time in the zone of the établissement', () => {
    const debut = new Date('2026-11-24T12:30:00Z');
    expect(formatTime(debut, 'Africa/Lubumbashi')).toBe('mardi 24 novembre 2026 à 14 h 30');
    expect(formatTime(debut, 'Africa/Kinshasa')).toBe('mardi 24 novembre 2026 à 13 h 30');
    const { body, variables } = writeText({ ...parameters, modele: 'appointment_confirme', ficheId: null, debut }, context);
    expect(body).toBe('Bonjour Amani, votre rendez-vous du mardi 24 novembre 2026 à 14 h 30 est confirmé. Détails : https://mediai.example');
    expect(variables[2]).toBe('mardi 24 novembre 2026 à 14 h 30');
  });

  test.each(modeles)('%s stands without a time, a dossier number or a name, and is short', (modele) => {
    const { body } = writeText({ ...parameters, modele, prenom: '', numeroDossier: null }, context);
    expect(body).toMatch(/^Bonjour, /);
    expect(body).not.toMatch(/undefined|null| {2}/);
    expect(body.length).toBeLessThan(200);
  });

  test.each([['Marie-Ève', true], ["N'Sele", true], ['Jean P.', true], ['http://evil.example', false], ['evil.example', false], ['a\nb', true], ['<b>', false], ['x'.repeat(41), false]])('of %j the greeting takes a name: %s', (prenom, taken) => {
    const { body } = writeText({ ...parameters, prenom }, context);
    expect(body.startsWith('Bonjour, ')).toBe(!taken);
  });
});
