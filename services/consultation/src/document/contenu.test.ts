import { describe, expect, it } from '@jest/globals';
import { CHAMPS } from '@mediai/fiche';
import type { Fiche } from '../fiche/fiche.ts';
import { createWorld, medecin } from '../fiche/fixtures.memory.ts';
import { masquer } from '../fiche/vue.ts';
import { contenuDe, createEmpreinte, type Pieces } from './contenu.ts';

const rien: Pieces = { references: [], resultats: [] };
const empreinte = createEmpreinte('a secret of tests only');

async function ficheValidee(): Promise<Fiche> {
  const world = createWorld();
  const { fiche } = await world.creer({ temperature: '42,5' });
  await world.analyser(fiche.id);
  await world.validateFiche({ acteur: medecin, id: fiche.id, textes: { diagnostic: 'Paludisme', traitement: 'ACT', examen_complementaire: 'NFS', recommandations: 'Boire' }, analyses: [] });
  return { ...(await world.relire(fiche.id)), signature_medecin: 'signatures/1' };
}
const dire = (fiche: Fiche, pieces: Pieces = rien): string => empreinte(contenuDe({ vue: 'medecin', fiche }, pieces)).toString('hex');

describe('what a document says', () => {
  it('has another hash as soon as any field that is printed differs', async () => {
    const fiche = await ficheValidee();
    const autres = CHAMPS.map(({ nom, type }): Partial<Fiche> => {
      const valeur = (fiche as unknown as Record<string, unknown>)[nom];
      return { [nom]: type === 'booleen' ? !valeur : type === 'entier' || type === 'decimal' ? Number(valeur ?? 0) + 1 : `${String(valeur)}x` };
    });
    const systeme: Partial<Fiche>[] = [
      { numero_dossier: 'X' }, { status: 'rejete_medecin' }, { date_consultation: '2020-01-01' }, { heure_debut: '00:00:00' }, { heure_fin: '00:00:00' }, { urgence: 'vert' }, { signes_alerte: [] }, { valeurs_a_verifier: [] },
      { diagnostic: 'x' }, { traitement: null }, { examen_complementaire: 'x' }, { recommandations: 'x' }, { diagnostic_ia: 'x' }, { medecin_validateur: 99 }, { date_validation: new Date(0) }, { signature_medecin: 'signatures/2' },
    ];
    const hashes = [...autres, ...systeme].map((autre) => dire({ ...fiche, ...autre }));
    expect(fiche.valeurs_a_verifier).not.toEqual([]);
    expect(new Set([...hashes, dire(fiche)]).size).toBe(hashes.length + 1);
  });

  it('has another hash with each word of a reference or a result, and with their order', async () => {
    const fiche = await ficheValidee();
    const reference = { title: 'Titre', url: 'https://x.example', source: 'pubmed' as const, authors: 'A', year: 2020, journal: 'J' };
    const resultat = { type_analyse: 'NFS', valeur: '1', unite: 'g', valeurs_normales: '2', date_prelevement: '2026-11-24', laboratoire: 'L', commentaire: 'C' };
    const pieces = [
      rien, { ...rien, references: [reference] }, ...Object.keys(reference).map((nom) => ({ ...rien, references: [{ ...reference, [nom]: nom === 'year' ? 1999 : 'autre' }] })),
      { ...rien, resultats: [resultat] }, ...Object.keys(resultat).map((nom) => ({ ...rien, resultats: [{ ...resultat, [nom]: 'autre' }] })),
      { ...rien, references: [reference, { ...reference, title: 'B' }] }, { ...rien, references: [{ ...reference, title: 'B' }, reference] },
    ];
    expect(new Set(pieces.map((unes) => dire(fiche, unes))).size).toBe(pieces.length);
  });

  it('does not depend on what no document shows, nor on the order of the members of a stored JSON', async () => {
    const fiche = await ficheValidee();
    const memes: Partial<Fiche>[] = [{ version: 99 }, { updated_at: new Date(0) }, { assigned_medecin: 3 }, { analyse_en_cours: true }, { news2: null }, { valeurs_a_verifier: fiche.valeurs_a_verifier.map(({ champ, valeur, motif }) => ({ motif, valeur, champ })) }];
    for (const autre of memes) expect(dire({ ...fiche, ...autre })).toBe(dire(fiche));
  });

  it('stays as it is when the table gains a field: what holds its default is not said', async () => {
    const fiche = await ficheValidee();
    const { nycturie: _, ...ancienne } = fiche;
    expect(fiche.nycturie).toBe(false);
    expect(dire(ancienne as Fiche)).not.toBe(dire(fiche)); // null is not false, and is told apart
    expect(dire({ ...fiche, observations_importantes: null })).toBe(dire({ ...fiche, observations_importantes: undefined as never }));
  });

  it('is of its reader: what a patient may not read is in no document of theirs', async () => {
    const fiche = { ...(await ficheValidee()), diagnostic_ia: 'Nouvelle synthèse, non publiée' };
    const patient = contenuDe({ vue: 'patient', fiche: masquer(fiche) }, rien);
    expect(patient.diagnostic_ia).toBe('SIMULATION. Synthèse.');
    expect(patient.signes).toEqual([]);
    expect(JSON.stringify(patient)).not.toContain('non publiée');
    expect(contenuDe({ vue: 'patient', fiche: masquer({ ...fiche, status: 'analyse_terminee' }) }, rien)).toMatchObject({ diagnostic: null, traitement: null, examen_complementaire: null, recommandations: null, diagnostic_ia: null, medecin: null, date_validation: null, signature: null });
  });
});
