/** What a refusal needs of a field: the label that its reader knows. */
type Libelle = { readonly libelle: string };

const MONTRE_MAX = 40;
const montrer = (valeur: string): string => [...valeur].slice(0, MONTRE_MAX).join('').toWellFormed();

/**
 * Why a value is refused, in French: each message names its field by its label, so that it is understood alone, and
 * agrees with any label whatever its gender and number. One function per kind of refusal.
 */
export const refus = {
  obligatoire: ({ libelle }: Libelle) => `« ${libelle} » est obligatoire.`,
  nul: ({ libelle }: Libelle) => `« ${libelle} » : une valeur est attendue.`,
  vide: ({ libelle }: Libelle) => `« ${libelle} » ne peut être vide.`,
  texte: ({ libelle }: Libelle) => `« ${libelle} » : un texte est attendu.`,
  caracteres: ({ libelle }: Libelle) => `« ${libelle} » contient des caractères non valides.`,
  booleen: ({ libelle }: Libelle) => `« ${libelle} » : vrai ou faux est attendu.`,
  entier: ({ libelle }: Libelle) => `« ${libelle} » : un nombre entier est attendu.`,
  decimal: ({ libelle }: Libelle) => `« ${libelle} » : un nombre est attendu.`,
  bornes: ({ libelle }: Libelle, min: number, max: number) => `« ${libelle} » : un nombre entre ${min} et ${max} est attendu.`,
  date: ({ libelle }: Libelle) => `« ${libelle} » : une date valide est attendue, au format AAAA-MM-JJ.`,
  futur: ({ libelle }: Libelle) => `« ${libelle} » ne peut être dans le futur.`,
  tropAncien: ({ libelle }: Libelle, premier: string) => `« ${libelle} » : une date à partir du ${premier.split('-').reverse().join('/')} est attendue.`,
  apresConsultation: ({ libelle }: Libelle) => `« ${libelle} » ne peut suivre le jour de la consultation.`,
  choix: ({ libelle }: Libelle, valeur: string) => `« ${libelle} » : « ${montrer(valeur)} » n'est pas un choix valide.`,
  max: ({ libelle }: Libelle, max: number) => `« ${libelle} » ne peut dépasser ${max} caractères.`,
  telephone: ({ libelle }: Libelle) => `« ${libelle} » : un numéro de téléphone valide est attendu (exemple : 0970 123 456 ou +243 970 123 456).`,
  age: ({ libelle }: Libelle, calcule: number) => `« ${libelle} » ne correspond pas à la date de naissance : ${calcule} ${calcule < 2 ? 'an' : 'ans'} le jour de la consultation.`,
  identifiant: ({ libelle }: Libelle) => `« ${libelle} » : un identifiant valide est attendu.`,
  inconnu: ({ libelle }: Libelle) => `« ${libelle} » : ce compte est inconnu.`,
  /** What another table of rules says, under the label of the field. */
  autre: ({ libelle }: Libelle, raison: string) => `« ${libelle} » : ${raison}`,
} as const;
