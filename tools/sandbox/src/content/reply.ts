import { answer, type Voix } from './answer.ts';
import { fillSchema, type Schema } from './fill-schema.ts';

/** What a vendor's protocol file needs to know of a request. */
export interface Demande {
  readonly voix: Voix;
  /** The user's turns, joined. */
  readonly texte: string;
  readonly schema?: Schema | undefined;
  /** Set by the fault `schema_invalid`: well-formed JSON of another shape. */
  readonly invalide: boolean;
}

/** The text that a model would have written: JSON for the schema, else French prose, marked SIMULATION. */
export function replyTo({ voix, texte, schema, invalide }: Demande): string {
  if (invalide) return JSON.stringify({ hypotheses: 'SIMULATION — ceci n’est pas la forme demandée', inattendu: true });
  const reponse = answer(texte, voix);
  if (!schema) return reponse.texte;
  const synthese = JSON.stringify(schema).includes('"synthese_clinique"');
  const { texte: prose } = reponse;
  const communs = { texte: prose, reponse: prose, message: prose, contenu: prose, resume: reponse.synthese['synthese_clinique'], langue: 'fr' };
  return JSON.stringify(fillSchema(schema, synthese ? { ...communs, ...reponse.voix, ...reponse.synthese } : { ...communs, ...reponse.synthese, ...reponse.voix }));
}

/** Split a text into pieces of about 40 characters, as a model streams it. Never empty. */
export function pieces(texte: string): string[] {
  return texte.match(/[\s\S]{1,40}/gu) ?? [''];
}

/** A rough token count (four characters a token), for the usage figures. */
export const countTokens = (texte: string): number => Math.ceil(texte.length / 4);
