/** What a model costs, in US dollars for a million tokens, without discounts for cached or long prompts: ours are neither. */
export type Prix = { entree: number; sortie: number };

/** By the name that is configured; the vendors' own pages, as of 2026-11-28. A model that is not here has no price. */
const PRIX: Readonly<Record<string, Prix>> = {
  // https://developers.openai.com/api/docs/models/gpt-6.1-sol, up to 272 000 tokens
  'gpt-6.1-sol': { entree: 2, sortie: 10 },
  // https://platform.claude.com/docs/en/models/sonnet-5-5/overview
  'claude-sonnet-5-5': { entree: 2, sortie: 10 },
  // https://ai.google.dev/gemini-api/docs/pricing, until 2026-12-31
  'gemini-3.8-flash': { entree: 0.75, sortie: 3.75 },
};

/** The cost of an answer in US dollars; undefined for a model whose price is not known. */
export function coutUsd(modele: string, jetons: { entree: number; sortie: number }): number | undefined {
  const prix = Object.hasOwn(PRIX, modele) ? PRIX[modele] : undefined;
  return prix && (jetons.entree * prix.entree + jetons.sortie * prix.sortie) / 1_000_000;
}
