import type Anthropic from '@anthropic-ai/sdk';
import type { zodOutputFormat as ZodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { MAX_JETONS, type Fournisseur, type OptionsFournisseur } from './fournisseur.ts';

/** Anthropic's Messages API. */
export function createAnthropic({ cle, modele, baseUrl }: OptionsFournisseur): Fournisseur {
  let ouvert: Promise<{ client: Anthropic; zodOutputFormat: typeof ZodOutputFormat }> | undefined;

  async function ouvrir() {
    const [{ default: Client }, { zodOutputFormat }] = await Promise.all([import('@anthropic-ai/sdk'), import('@anthropic-ai/sdk/helpers/zod')]);
    return { client: new Client({ apiKey: cle, ...(baseUrl ? { baseURL: baseUrl } : {}), maxRetries: 0, logLevel: 'off' }), zodOutputFormat };
  }

  return {
    nom: 'anthropic',
    modele,
    async demander({ consigne, texte, schema }, signal) {
      const { client, zodOutputFormat } = await (ouvert ??= ouvrir());
      const reponse = await client.messages.parse(
        { model: modele, max_tokens: MAX_JETONS, system: consigne, messages: [{ role: 'user', content: texte }], output_config: { format: zodOutputFormat(schema) } },
        { signal },
      );
      return {
        texte: reponse.content.flatMap((bloc) => (bloc.type === 'text' ? [bloc.text] : [])).join(''),
        refus: reponse.stop_reason === 'refusal',
        tronque: reponse.stop_reason === 'max_tokens',
        modele: reponse.model,
        jetonsEntree: reponse.usage.input_tokens,
        jetonsSortie: reponse.usage.output_tokens,
      };
    },
  };
}
