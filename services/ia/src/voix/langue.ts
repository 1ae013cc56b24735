/** Frequent words that belong to one of these languages and not to the others. */
const MOTS: Record<string, ReadonlySet<string>> = {
  fr: new Set('le les des du est avec pour dans sur une et aux chez sans depuis ou au par plus ne pas ce cette il elle qui un à été être'.split(' ')),
  en: new Set('the of and is with for in to from without not or by this that are was has have should be on at'.split(' ')),
  es: new Set('el los las con y por del sin desde o más este esta una que'.split(' ')),
  pt: new Set('com não uma dos das os e em ao sem desde ou mais este'.split(' ')),
  de: new Set('der die das und mit nicht ist von für ohne oder bei seit ein eine zu'.split(' ')),
  sw: new Set('na ya wa kwa ni za cha katika bila au tangu hii'.split(' ')),
};

/**
 * Is this text French? A cheap count of frequent words: it refuses a text that is plainly in another language or script,
 * and accepts what is too short to tell (a list of drugs has no language).
 */
export function estFrancais(texte: string): boolean {
  const lettres = texte.match(/\p{L}/gu)?.length ?? 0;
  const latines = texte.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (lettres > 20 && latines < lettres * 0.7) return false;
  const mots = texte.toLowerCase().match(/\p{L}+/gu) ?? [];
  const compter = (langue: string): number => mots.filter((mot) => MOTS[langue]?.has(mot)).length;
  const francais = compter('fr');
  const autre = Math.max(...Object.keys(MOTS).filter((langue) => langue !== 'fr').map(compter));
  return autre < 3 || francais >= autre;
}
