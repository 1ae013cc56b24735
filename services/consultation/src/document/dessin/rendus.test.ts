import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorld, medecin, patiente } from '../../fiche/fixtures.memory.ts';
import { ADRESSE, documentComplet } from '../document.memory.ts';
import type { DocumentImprime } from '../document.ts';
import { dessiner } from './dessiner.ts';
import { lirePdf, peindrePage } from './lire-pdf.memory.ts';

const DOSSIER = join(import.meta.dirname, '../rendus');
const ECHELLE = 0.9;
/** Part of the pixels that may differ, for the edges of letters. */
const ECART_MAX = 0.002;
const SYNTHESE = "SIMULATION — Synthèse de 3 voix sur 3 (GPT-4, Claude, Gemini)\nUrgence proposée : orange (dans l’heure)\n\nDiagnostics différentiels\n1. Paludisme (B54)\n   pour : fièvre avec frissons le soir [histoire_maladie]\n   contre : toux productive [histoire_maladie]\n\nExamens paracliniques\n- Radiographie du thorax si SpO2 &lt; 94 %";

/** Documents of one fiche, validated and not, for both readers; their code and time are fixed. */
async function documents(): Promise<Record<string, DocumentImprime>> {
  const world = createWorld();
  const { fiche } = await world.creer({ temperature: '42,5', postnom: 'Mukɛndi' });
  const { id } = fiche;
  await world.joindre(id, {
    references: [{ title: 'Guidelines for malaria', url: 'https://www.who.int/publications/i/item/guidelines-for-malaria', source: 'other', authors: 'World Health Organization', year: 2025, journal: null }],
    resultats: [{ type_analyse: 'Hémoglobine', valeur: '10,1', unite: 'g/dL', valeurs_normales: '12-16', date_prelevement: '2026-11-23', laboratoire: 'Laboratoire central', commentaire: 'Anémie modérée' }],
  });
  const imprimer = async (acteur: typeof medecin): Promise<DocumentImprime> => {
    await world.exportPdf({ acteur, id });
    return { ...world.imprimes.at(-1)!, verification: ADRESSE };
  };
  await world.analyser(id, { synthese: SYNTHESE });
  const patientAvant = await imprimer(patiente);
  const textes = { diagnostic: 'Paludisme simple à Plasmodium falciparum, TDR positif.', traitement: 'Artéméther-luméfantrine 80/480 mg, 1 comprimé matin et soir pendant 3 jours.\nParacétamol 1 g si fièvre.', examen_complementaire: 'Goutte épaisse de contrôle à J3.', recommandations: 'Boire abondamment, dormir sous moustiquaire imprégnée.' };
  await world.validateFiche({ acteur: medecin, id, textes, analyses: [] });
  await world.signer(id, signature());
  return { court: { ...documentComplet, bandeau: null, orientation: null }, 'patient-avant': patientAvant, patient: await imprimer(patiente), medecin: await imprimer(medecin) };
}

function signature(): Uint8Array {
  const canvas = createCanvas(300, 100);
  const crayon = canvas.getContext('2d');
  crayon.lineWidth = 4;
  crayon.moveTo(10, 70);
  crayon.bezierCurveTo(80, -40, 120, 150, 180, 40);
  crayon.bezierCurveTo(200, 10, 220, 90, 290, 30);
  crayon.stroke();
  return canvas.toBuffer('image/png');
}

describe('the pages of a document', () => {
  let tous: Record<string, Uint8Array>;
  beforeAll(async () => {
    tous = Object.fromEntries(await Promise.all(Object.entries(await documents()).map(async ([nom, document]) => [nom, await dessiner(document)] as const)));
  });

  it('are as many as there is to say', async () => {
    const nombres = await Promise.all(Object.entries(tous).map(async ([nom, octets]) => [nom, (await lirePdf(octets)).pages.length]));
    expect(Object.fromEntries(nombres)).toEqual({ court: 1, 'patient-avant': 3, patient: 3, medecin: 3 });
  });

  // A page that is meant to look otherwise is drawn anew with ECRIRE_RENDUS=1, and looked at.
  it.each([['court', 1], ['patient-avant', 1], ['patient', 3], ['medecin', 1], ['medecin', 2], ['medecin', 3]])('%s, page %d, looks as it did', async (nom, page) => {
    const fichier = join(DOSSIER, `${nom}-${page}.png`);
    const { largeur, hauteur, pixels, png } = await peindrePage(tous[nom]!, page, ECHELLE);
    if (process.env['ECRIRE_RENDUS']) writeFileSync(fichier, png);
    const avant = PNG.sync.read(readFileSync(fichier));
    expect([largeur, hauteur]).toEqual([avant.width, avant.height]);
    const ecart = pixelmatch(avant.data, new Uint8Array(pixels.buffer), undefined, largeur, hauteur, { threshold: 0.2 });
    expect(ecart / (largeur * hauteur)).toBeLessThan(ECART_MAX);
  });

  it('hold for a patient nothing of an IA before it is published, and it for médecins under its heading', async () => {
    const mots = Object.fromEntries(await Promise.all(Object.entries(tous).map(async ([nom, octets]) => [nom, (await lirePdf(octets)).texte.replace(/\s+/g, ' ')])));
    for (const mot of ['SIMULATION', 'Synthèse', 'IA', 'Paludisme (B54)', 'Artéméther', "Signes d'alerte", 'Validé le']) expect(mots['patient-avant']).not.toContain(mot);
    expect(mots['patient-avant']).toContain('Document non validé');
    expect(mots['patient']).toMatch(/Validé le 24\/11\/2026 à 08:15.*Synthèse de l'IA.*Texte écrit par une IA.*SIMULATION/);
    expect(mots['medecin']).toMatch(/Signes d'alerte.*Diagnostic.*Prénom2 Nom2.*Synthèse de l'IA.*SIMULATION.*SpO2 < 94 %/);
    for (const nom of ['patient', 'medecin']) expect(mots[nom]).not.toContain('non validé');
  });
});
