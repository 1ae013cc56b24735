import type { GoogleGenAI } from '@google/genai';
import { z } from 'zod';
import { MAX_JETONS, type Fournisseur, type OptionsFournisseur } from './fournisseur.ts';
import { toVoixError, VoixError } from './voix-error.ts';

const FINS_NORMALES = ['STOP', undefined];

/** Google's generateContent. */
export function createGoogle({ cle, modele, baseUrl }: OptionsFournisseur): Fournisseur {
  let ouvert: Promise<GoogleGenAI> | undefined;

  async function ouvrir() {
    const { GoogleGenAI: Client } = await import('@google/genai');
    return new Client({ apiKey: cle, httpOptions: baseUrl ? { baseUrl } : {} });
  }

  return {
    nom: 'google',
    modele,
    async demander({ consigne, texte, schema }, signal) {
      const client = await (ouvert ??= ouvrir());
      const { $schema: _dialecte, ...responseJsonSchema } = z.toJSONSchema(schema);
      const { enTetes, fetchEcoute } = ecouterEnTetes();
      const config = { systemInstruction: consigne, responseMimeType: 'application/json', responseJsonSchema, maxOutputTokens: MAX_JETONS, abortSignal: signal, httpOptions: { fetch: fetchEcoute } };
      const reponse = await client.models.generateContent({ model: modele, contents: texte, config }).catch((thrown: unknown) => {
        const erreur = toVoixError(Object.assign(new Error('google'), { status: (thrown as { status?: unknown } | null)?.status, headers: enTetes() }));
        throw erreur.genre === 'illisible' ? toVoixError(thrown) : new VoixError(erreur.genre, erreur.attendreMs);
      });
      const fin = reponse.candidates?.[0]?.finishReason as string | undefined;
      return {
        texte: reponse.text ?? '',
        refus: reponse.promptFeedback?.blockReason !== undefined || (!FINS_NORMALES.includes(fin) && fin !== 'MAX_TOKENS'),
        tronque: fin === 'MAX_TOKENS',
        modele: reponse.modelVersion ?? modele,
        jetonsEntree: reponse.usageMetadata?.promptTokenCount ?? 0,
        jetonsSortie: (reponse.usageMetadata?.candidatesTokenCount ?? 0) + (reponse.usageMetadata?.thoughtsTokenCount ?? 0),
      };
    },
  };
}

/** The SDK's errors carry no headers, and Retry-After is one: a fetch that keeps those of the last answer. */
function ecouterEnTetes() {
  let derniers: Headers | undefined;
  const fetchEcoute: typeof fetch = async (...args) => {
    const reponse = await fetch(...args);
    derniers = reponse.headers;
    return reponse;
  };
  return { fetchEcoute, enTetes: () => derniers };
}
