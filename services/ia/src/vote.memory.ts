import type { Hypothese, Vote } from './voix/vote.ts';

/** A valid hypothesis for tests. */
export const hypothese = (libelle: string, cim10: string, plus: Partial<Hypothese> = {}): Hypothese => ({
  libelle, cim10, probabilite: 0.5, arguments_pour: [{ champ: 'temperature', texte: 'la fièvre est élevée' }], arguments_contre: [], ...plus,
});

/** A valid vote for tests. */
export const vote = (plus: Partial<Vote> = {}): Vote => ({
  hypotheses: [hypothese('Paludisme simple', 'B54', { probabilite: 0.7 }), hypothese('Fièvre typhoïde', 'A01.0', { probabilite: 0.2 })],
  informations_manquantes: ['la saturation en oxygène'],
  examens: ['Goutte épaisse', 'NFS'],
  traitements: [{ medicament: 'artéméther-luméfantrine', posologie: '80/480 mg deux fois par jour pendant 3 jours', contre_indications: 'allergie connue' }],
  education: ['Dormir sous une moustiquaire'],
  urgence: 'jaune',
  references: [{ titre: 'Lignes directrices sur le paludisme', source: 'OMS 2023' }],
  ...plus,
});

/** Lines of a fiche for tests, as consultation sends them. */
export const LIGNES = [
  { champ: 'age', libelle: 'Âge', section: 'identite', valeur: '34 ans' },
  { champ: 'sexe', libelle: 'Sexe', section: 'identite', valeur: 'Féminin' },
  { champ: 'temperature', libelle: 'Température', section: 'signes_vitaux', valeur: '39,4 °C' },
  { champ: 'motif_consultation', libelle: 'Motif de consultation', section: 'anamnese', valeur: 'fièvre et céphalées depuis trois jours, pas de toux' },
  { champ: 'histoire_maladie', libelle: 'Histoire de la maladie', section: 'anamnese', valeur: 'frissons le soir, retour de zone de paludisme' },
  { champ: 'cephalees', libelle: 'Céphalées', section: 'plaintes', valeur: 'oui' },
  { champ: 'febrile', libelle: 'Fébrile', section: 'examen_general', valeur: 'Oui' },
];
