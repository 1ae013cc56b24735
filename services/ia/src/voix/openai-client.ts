import type OpenAI from 'openai';
import type { zodTextFormat as ZodTextFormat } from 'openai/helpers/zod';
import { MAX_JETONS, type Fournisseur, type OptionsFournisseur } from './fournisseur.ts';

/** OpenAI's Responses API, or any server that speaks it. */
export function createOpenai({ cle, modele, baseUrl }: OptionsFournisseur): Fournisseur {
  let ouvert: Promise<{ client: OpenAI; zodTextFormat: typeof ZodTextFormat }> | undefined;

  async function ouvrir() {
    const [{ default: Client }, { zodTextFormat }] = await Promise.all([import('openai'), import('openai/helpers/zod')]);
    return { client: new Client({ apiKey: cle, ...(baseUrl ? { baseURL: baseUrl } : {}), maxRetries: 0, logLevel: 'off' }), zodTextFormat };
  }

  return {
    nom: 'openai',
    modele,
    async demander({ consigne, texte, schema, nomSchema }, signal) {
      const { client, zodTextFormat } = await (ouvert ??= ouvrir());
      const reponse = await client.responses.parse(
        { model: modele, instructions: consigne, input: texte, text: { format: zodTextFormat(schema, nomSchema) }, max_output_tokens: MAX_JETONS, store: false },
        { signal },
      );
      const contenus = reponse.output.flatMap((o) => (o.type === 'message' ? o.content : []));
      return {
        texte: reponse.output_text,
        refus: contenus.some((c) => c.type === 'refusal'),
        tronque: reponse.status !== undefined && reponse.status !== 'completed',
        modele: reponse.model,
        jetonsEntree: reponse.usage?.input_tokens ?? 0,
        jetonsSortie: reponse.usage?.output_tokens ?? 0,
      };
    },
  };
}
