import { z } from 'zod';

/** Levels of urgency, lowest first. */
export const URGENCES = ['vert', 'jaune', 'orange', 'rouge'] as const;
export type Urgence = (typeof URGENCES)[number];

/** Rank of a level, 0 for vert. */
export const rangUrgence = (urgence: Urgence): number => URGENCES.indexOf(urgence);

/** The voices by the role under which their answers are stored; each stands for one vendor. */
export const ROLES_VOIX = ['gpt4', 'claude', 'gemini'] as const;
export type RoleVoix = (typeof ROLES_VOIX)[number];
export const NOMS_VOIX: Record<RoleVoix, string> = { gpt4: 'GPT-4', claude: 'Claude', gemini: 'Gemini' };

const argument = z.strictObject({
  champ: z.string().describe('Nom exact du champ de la fiche, tel qu’il est écrit avant les deux-points'),
  texte: z.string().describe('Ce que ce champ apporte, en français'),
});

const hypothese = z.strictObject({
  libelle: z.string().describe('Diagnostic, en français'),
  cim10: z.string().describe('Code CIM-10, par exemple B54 ou J18.9'),
  probabilite: z.number().min(0).max(1),
  arguments_pour: z.array(argument),
  arguments_contre: z.array(argument),
});

/** What each voice is asked for: one schema for all vendors. */
export const schemaVote = z.strictObject({
  hypotheses: z.array(hypothese).describe('De la plus à la moins probable, cinq au plus'),
  informations_manquantes: z.array(z.string()),
  examens: z.array(z.string()),
  traitements: z.array(z.strictObject({ medicament: z.string(), posologie: z.string(), contre_indications: z.string() })),
  education: z.array(z.string()),
  urgence: z.enum(URGENCES),
  references: z.array(z.strictObject({ titre: z.string(), source: z.string() })),
});

export type Vote = z.infer<typeof schemaVote>;
export type Hypothese = Vote['hypotheses'][number];
export type Argument = Hypothese['arguments_pour'][number];

/** A valid answer and whose it is. */
export type VoteDeVoix = { role: RoleVoix; vote: Vote };
