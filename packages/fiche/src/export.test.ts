import { describe, expect, it } from '@jest/globals';
import { colonnesExport, type ColonneExport } from './export.ts';

const ANONYMES = ['id', 'numero_dossier', 'date_consultation', 'age', 'sexe', 'status', 'motif_consultation', 'hypertendu', 'diabetique', 'temperature', 'tension_arterielle', 'pouls', 'has_diagnostic_ia', 'has_diagnostic_medecin', 'created_at'];
const PERSONNELLES = ['nom', 'prenom', 'telephone', 'adresse'];
const created = new Date('2026-11-24T08:00:00Z');
const ligne = {
  id: 12, numero_dossier: 'CONS-20261124-001', date_consultation: new Date('2026-11-24T00:00:00Z'), age: 34, sexe: 'F', status: 'en_analyse', motif_consultation: 'Sérinette Kabongo, née le 20/09/1992, a de la fièvre ; appeler le +243970000101',
  hypertendu: false, diabetique: true, temperature: 38.5, tension_arterielle: '120/80', pouls: null, has_diagnostic_ia: true, has_diagnostic_medecin: false, created_at: created,
  nom: 'Kabongo', postnom: 'Mwamba', prenom: 'Sérinette', contact_nom: 'Ilunga', date_naissance: new Date('1992-09-20T00:00:00Z'), telephone: '+243970000101', avenue: 'Likasi 24', quartier: ' ', commune: 'Lubumbashi',
};
const lues = (colonnes: readonly ColonneExport[]) => Object.fromEntries(colonnes.map(({ nom, lire }) => [nom, lire(ligne)]));

describe('the columns of an export', () => {
  it('are those of the contract, in its order; those that identify a person only where they are asked for', () => {
    expect(colonnesExport({ personnelles: false }).map(({ nom }) => nom)).toEqual(ANONYMES);
    expect(colonnesExport({ personnelles: true }).map(({ nom }) => nom)).toEqual([...ANONYMES, ...PERSONNELLES]);
  });

  it('have a type each', () => {
    const types = ['int', 'string', 'date', 'int', 'string', 'string', 'string', 'bool', 'bool', 'float', 'string', 'int', 'bool', 'bool', 'timestamp', 'string', 'string', 'string', 'string'];
    expect(colonnesExport({ personnelles: true }).map(({ type }) => type)).toEqual(types);
  });

  it('read a row', () => {
    expect(lues(colonnesExport({ personnelles: true }))).toEqual({
      id: 12, numero_dossier: 'CONS-20261124-001', date_consultation: '2026-11-24', age: 34, sexe: 'F', status: 'en_analyse', motif_consultation: ligne.motif_consultation, hypertendu: false, diabetique: true, temperature: 38.5, tension_arterielle: '120/80', pouls: null,
      has_diagnostic_ia: true, has_diagnostic_medecin: false, created_at: created, nom: 'Kabongo', prenom: 'Sérinette', telephone: '+243970000101', adresse: 'Likasi 24, Lubumbashi',
    });
  });

  it('without personal data hold none, wherever it was typed', () => {
    const texte = JSON.stringify(lues(colonnesExport({ personnelles: false })));
    for (const canari of ['Kabongo', 'Sérinette', '1992', '0970', '97000', 'Likasi']) expect(texte).not.toContain(canari);
    expect(texte).toContain('a de la fièvre');
  });

  it('ask the table for what they read, once by name', () => {
    const sources = colonnesExport({ personnelles: true }).flatMap((colonne) => colonne.sources);
    expect(Object.fromEntries(sources.map(({ nom, sql }) => [nom, sql]))).toMatchObject({ id: '"id"', avenue: '"avenue"', has_diagnostic_ia: `coalesce("diagnostic_ia", '') <> ''` });
    for (const { nom } of colonnesExport({ personnelles: true }).flatMap((colonne) => colonne.sources)) expect(ligne).toHaveProperty(nom);
  });
});
