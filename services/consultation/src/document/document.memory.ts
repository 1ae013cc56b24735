import type { DocumentImprime } from './document.ts';

/** Where a document of tests is verified. */
export const ADRESSE = 'https://mediai.example/api/v1/verification/Zm9uY3Rpb24tZGUtdGVzdC1zYW5z0123/';

/** A short document that shows everything once. */
export const documentComplet: DocumentImprime = {
  numero: 'CONS-20261124-001',
  etablissement: 'Centre hospitalier Kampemba',
  telephoneUrgence: '+243 81 000 01 12',
  bandeau: { titre: 'Document non validé', detail: "Aucun médecin n'a encore validé cette fiche." },
  orientation: 'Consultez dans la journée.',
  reperes: [{ libelle: 'Consultation du', valeur: '24/11/2026, de 08:15 à 09:02' }, { libelle: 'État de la fiche', valeur: 'Analyse terminée' }],
  urgence: { niveau: 'Orange', signes: ['Fièvre élevée (39,1)'] },
  sections: [
    { titre: 'Identité', forme: 'grille', lignes: [{ libelle: 'Nom', valeur: 'Ilunga' }, { libelle: 'Post-nom', valeur: 'Mukɛndi' }, { libelle: 'Prénom', valeur: 'Ɔ́kɔ́ Ɛlɛ̂' }] },
    { titre: 'Signes vitaux', forme: 'mesures', lignes: [{ libelle: 'Température', valeur: '39,1 °C', aVerifier: 'valeur improbable' }, { libelle: 'Pouls', valeur: '104 battements/min' }] },
    { titre: 'Anamnèse', forme: 'suite', lignes: [{ libelle: 'Motif de consultation', valeur: 'Fièvre avec frissons depuis trois jours.' }] },
  ],
  textes: [{ titre: 'Diagnostic', texte: 'Paludisme simple, TDR positif.\n\nPneumonie débutante à écarter.' }],
  resultats: [{ date: '24/11/2026', analyse: 'Goutte épaisse', valeur: 'positive', normales: 'négative', detail: 'Laboratoire central' }],
  references: [{ titre: 'Guidelines for malaria', detail: 'WHO. 2025', url: 'https://www.who.int/publications/i/item/guidelines-for-malaria' }],
  omis: { resultats: 0, references: 0 },
  validation: { medecin: 'Jean Ilunga', date: '24/11/2026 à 09:02', signee: false, signature: null },
  ia: { titre: "Synthèse de l'IA", mention: 'Texte écrit par une IA.', texte: 'SIMULATION — Synthèse de 3 voix sur 3' },
  verification: ADRESSE,
  emisLe: new Date('2026-11-24T07:02:00Z'),
};
