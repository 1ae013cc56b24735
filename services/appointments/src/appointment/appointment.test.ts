import { describe, expect, test } from '@jest/globals';
import { statuts, transition, type ActionStatut, type Statut } from './appointment.ts';

describe('transitions', () => {
  const allowed: Record<ActionStatut, Partial<Record<Statut, Statut>>> = {
    confirmer: { pending: 'confirmed' },
    refuser: { pending: 'declined' },
    annuler: { pending: 'cancelled', confirmed: 'cancelled' },
  };
  const cases = (Object.keys(allowed) as ActionStatut[]).flatMap((action) => statuts.map((status) => [action, status, allowed[action][status]] as const));

  test.each(cases)('%s from %s', (action, status, expected) => {
    if (expected) expect(transition(status, action)).toBe(expected);
    else expect(() => transition(status, action)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'appointment.etat_invalide' }));
  });
});
