import { ADVERSATIFS } from './mots.ts';
import { decouper, nettoyer } from './normaliser.ts';
import type { Jeton } from './normaliser.ts';

/** A statement: what lies between full stops, line ends and words such as "mais". */
export type Phrase = { champ: string; texte: string; jetons: Jeton[] };

const FORTES = new Set(['.', ';', '!', '?', '\n']);
const REPONSES = new Set(['non', 'oui', 'aucun', 'aucune', 'jamais', 'pas']);

/** "Convulsions ? Non." is one statement: a question keeps its one-word answer. */
function repondALaQuestion(jetons: Jeton[], k: number): boolean {
  const reponse = jetons[k + 1];
  const apres = jetons[k + 2];
  return jetons[k]!.mot === '?' && reponse !== undefined && REPONSES.has(reponse.mot) && (apres === undefined || apres.ponct);
}

/** Cleans, cuts and splits one text field into statements, in linear time and without dropping anything. */
export function lirePhrases(champ: string, brut: string): Phrase[] {
  const texte = nettoyer(brut);
  const jetons = decouper(texte);
  const phrases: Phrase[] = [];
  let courante: Jeton[] = [];
  const clore = (): void => {
    if (courante.some((j) => !j.ponct)) phrases.push({ champ, texte, jetons: courante });
    courante = [];
  };
  for (let k = 0; k < jetons.length; k++) {
    const j = jetons[k]!;
    if (FORTES.has(j.mot) && j.ponct) {
      if (repondALaQuestion(jetons, k)) courante.push(j);
      else clore();
    } else if (ADVERSATIFS.has(j.mot)) clore();
    else courante.push(j);
  }
  clore();
  return phrases;
}

/** The words around a finding as they were typed, 120 characters at most (shown to the médecin). */
export function extrait(phrase: Phrase, deb: number, fin: number): string {
  const premier = phrase.jetons[Math.max(0, deb - 6)]!;
  const dernier = phrase.jetons[Math.min(phrase.jetons.length, fin + 6) - 1]!;
  const texte = phrase.texte.slice(premier.deb, dernier.fin).replace(/\s+/g, ' ').trim();
  return texte.length > 120 ? `${texte.slice(0, 119)}…` : texte;
}
