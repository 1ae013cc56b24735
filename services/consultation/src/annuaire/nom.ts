/** First and last name, as one is called. */
export const nomComplet = (prenom: string, nom: string): string => `${prenom} ${nom}`.trim();
