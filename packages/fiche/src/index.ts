export { SECTIONS, type Champ, type Choix, type Section } from './champ.ts';
export * from './champs.ts';
export { CHAMPS_SYSTEME, STATUTS, URGENCES, type Statut, type Urgence } from './champs-systeme.ts';
export { CHAMP_PAR_NOM, type FicheValeurs, type NomChamp } from './valeurs.ts';
export { ageEnAnnees, estDate, lireFiche, verifierFiche, type ErreursParChamp, type LectureFiche } from './lire-fiche.ts';
export { depuisFicheInput, depuisFicheMessage, nomLocal, versFicheInput, versFicheMessage } from './message.ts';
export { schemaCreation, schemaDeChamp, schemaFiche, type JsonSchema } from './json-schema.ts';
export { ageLisible, masquerTexte, pseudonymiser, type LigneClinique } from './pseudonymiser.ts';
