import { describe, expect, it } from '@jest/globals';
import { STATUTS, type Statut } from '@mediai/fiche';
import { plusHaute, transition, type ActionStatut } from './fiche.ts';
import { jourEtHeure } from './jour.ts';
import { createNumerosDossier, ecrireNumero } from './numero-dossier.ts';
import { motsRecherche } from './recherche.ts';
import { versE164 } from './telephone.ts';

describe('the transitions of a fiche', () => {
  const attendues: Record<ActionStatut, Partial<Record<Statut, Statut>>> = {
    modifier_patient: { en_analyse: 'en_analyse', rejete_medecin: 'en_analyse' },
    valider: { en_analyse: 'valide_medecin', analyse_terminee: 'valide_medecin', valide_medecin: 'valide_medecin' },
    rejeter: { en_analyse: 'rejete_medecin', analyse_terminee: 'rejete_medecin' },
    relancer: { en_analyse: 'en_analyse', analyse_terminee: 'en_analyse', rejete_medecin: 'en_analyse', valide_medecin: 'valide_medecin' },
    supprimer_patient: { en_analyse: 'en_analyse', analyse_terminee: 'analyse_terminee', rejete_medecin: 'rejete_medecin' },
    finir_analyse: { en_analyse: 'analyse_terminee', analyse_terminee: 'analyse_terminee', valide_medecin: 'valide_medecin', rejete_medecin: 'rejete_medecin' },
  };
  const lignes = Object.entries(attendues).flatMap(([action, suite]) => (Object.keys(STATUTS) as Statut[]).map((status) => [action as ActionStatut, status, suite[status]] as const));

  it.each(lignes)('%s from %s leads to %s', (action, status, suivant) => {
    if (suivant) expect(transition(status, action)).toBe(suivant);
    else expect(() => transition(status, action)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'fiche.etat_invalide' }));
  });
});

it('the highest urgency wins, and nothing lowers it', () => {
  expect(plusHaute('vert', 'jaune', null)).toBe('jaune');
  expect(plusHaute('rouge', 'vert', 'jaune')).toBe('rouge');
});

describe('dossier numbers', () => {
  it('have three digits at least, and grow beyond them', () => {
    expect(ecrireNumero('2026-11-24', 7)).toBe('CONS-20261124-007');
    expect(ecrireNumero('2026-11-24', 1000)).toBe('CONS-20261124-1000');
  });

  it('count the day of Lubumbashi, two hours before the day of UTC ends', async () => {
    const numeros = createNumerosDossier({ prendreBloc: async (_, taille) => taille });
    expect(await numeros(new Date('2026-11-24T21:59:59Z'))).toBe('CONS-20261124-001');
    expect(await numeros(new Date('2026-11-24T22:00:00Z'))).toBe('CONS-20261125-001');
  });

  it('take one block for many creations at once', async () => {
    const prises: string[] = [];
    const numeros = createNumerosDossier({ prendreBloc: async (jour, taille) => { prises.push(jour); return taille * prises.length; }, taille: 10 });
    const donnes = await Promise.all(Array.from({ length: 25 }, () => numeros(new Date('2026-11-24T10:00:00Z'))));
    expect(new Set(donnes).size).toBe(25);
    expect(prises).toHaveLength(3);
  });

  it('are taken again after a failure', async () => {
    let echecs = 1;
    const numeros = createNumerosDossier({ prendreBloc: async (_, taille) => { if (echecs-- > 0) throw new Error('away'); return taille; } });
    await expect(numeros(new Date('2026-11-24T10:00:00Z'))).rejects.toThrow('away');
    expect(await numeros(new Date('2026-11-24T10:00:00Z'))).toBe('CONS-20261124-001');
  });
});

it('reads phones as Congolese where they name no country', () => {
  expect(versE164('0812 345 678')).toBe('+243812345678');
  expect(versE164('+32 470 12 34 56')).toBe('+32470123456');
  expect(versE164('voisine du marché')).toBeNull();
});

it('tells the local day and time of an instant', () => {
  expect(jourEtHeure(new Date('2026-11-24T22:30:05Z'), 'Africa/Lubumbashi')).toEqual({ jour: '2026-11-25', heure: '00:30:05' });
});

it('a search has words, never wildcards', () => {
  expect(motsRecherche("  Fièvre 100% l'Été_ ")).toEqual(['fievre', '100', "l'ete"]);
});
