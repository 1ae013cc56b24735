export { enCompte, lirePage, profondeurMax, rangDe } from './read-page.ts';
export type { Compte, Page } from './read-page.ts';
export { curseurInvalide, ecrirePlace, enPage, lirePlace } from './place.ts';
