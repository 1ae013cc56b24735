import { describe, expect, it } from '@jest/globals';
import { readPlan } from './command-line.ts';

const names = (args: string[]): { rows: string[]; measurements: string[] } => {
  const { rows, measurements } = readPlan(args);
  return { rows: rows.map(({ name }) => name), measurements: measurements.map(({ name }) => name) };
};

describe('the words of npm run bench', () => {
  it('without any measure all but what is measured by name only', () => {
    const { rows, measurements } = names([]);
    expect(rows).toEqual(['token', 'me', 'fiche-create', 'fiche-get', 'fiche-list', 'fiche-list-page-50', 'fiche-search', 'fiche-edit-diagnostic', 'fiche-validate', 'appointment-create', 'appointment-list', 'appointment-confirm', 'available-medecins', 'conversation-messages', 'health']);
    expect(measurements).toContain('steady');
    expect(measurements).not.toContain('exports');
  });

  it('choose rows, groups of rows and measurements', () => {
    expect(names(['--only', 'auth,exports'])).toEqual({ rows: ['token', 'me'], measurements: ['exports'] });
    expect(names(['exports', '--only', 'fiche-get'])).toEqual({ rows: ['fiche-get'], measurements: ['exports'] });
  });

  it('refuse a name that is unknown, and say which are known', () => {
    expect(() => readPlan(['--only', 'mee'])).toThrow(/No such measurement: mee; known are rows, auth/);
  });
});
