import { describe, expect, it } from '@jest/globals';
import { STATUTS, type Statut } from '@mediai/fiche';
import { may, type Action } from './acces.ts';
import { plusHaute, transition, type ActionStatut } from './fiche.ts';
import { admin, adminAilleurs, ailleurs, autrePatient, confrere, enAttente, medecin, patiente, service } from './fixtures.memory.ts';
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

describe('who may do what', () => {
  const libre = { user: 1, assigned_medecin: null, etablissement_id: 1 };
  const suivie = { ...libre, assigned_medecin: 2 };

  it.each([
    ['its owner', patiente, libre, 'oui'],
    ['another patient', autrePatient, libre, 'introuvable'],
    ['a médecin of the établissement, unassigned', medecin, libre, 'oui'],
    ['the assigned médecin', medecin, suivie, 'oui'],
    ['a colleague of the assigned médecin', confrere, suivie, 'motif_requis'],
    ['a médecin of another établissement', ailleurs, libre, 'introuvable'],
    ['a médecin not approved yet', enAttente, libre, 'en_attente'],
    ['the admin of the établissement', admin, suivie, 'oui'],
    ['an admin of another établissement', adminAilleurs, suivie, 'introuvable'],
    ['a service', service('ia'), libre, 'role'],
  ] as const)('%s reads a fiche: %s', (_, acteur, fiche, verdict) => {
    expect(may(acteur, 'lire', fiche)).toBe(verdict);
  });

  it.each(['valider', 'rejeter', 'relancer', 'editer', 'envoyer'] as Action[])('a patient may not %s, whoever owns the fiche', (action) => {
    expect(may(patiente, action)).toBe('role');
    expect(may(patiente, action, libre)).toBe('role');
    expect(may(autrePatient, action, libre)).toBe('role');
  });

  it('a médecin may not delete, an admin may', () => {
    expect(may(medecin, 'supprimer', libre)).toBe('role');
    expect(may(admin, 'supprimer', libre)).toBe('oui');
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
