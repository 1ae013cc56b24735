import { z } from 'zod';

/** Prompts and schemas that the tests of the sandbox share. */
export const PROMPT_PALUDISME = `Voici la fiche, entre balises. Réponds en français selon le schéma.
<fiche>
age: 34 ans
sexe: Féminin
temperature: 39,4 °C
tension_arterielle: 120/70 mmHg
motif_consultation: fièvre et céphalées depuis trois jours, pas de toux
histoire_maladie: frissons le soir, courbatures, retour de zone de paludisme
  sans moustiquaire
cephalees: oui
febrile: Oui
</fiche>`;

export const PROMPT_HTA = `<fiche>
- age : 58 ans
- tension_arterielle : 168/102 mmHg
- motif_consultation : vertiges et céphalées matinales
- hypertendu : oui
- vertiges : oui
</fiche>`;

const argument = z.object({ champ: z.string(), texte: z.string().min(3) });

export const schemaVoix = z.object({
  hypotheses: z.array(z.object({
    libelle: z.string(), cim10: z.string().regex(/^[A-Z]\d{2}(\.\d)?$/u), probabilite: z.number().min(0).max(1),
    arguments_pour: z.array(argument), arguments_contre: z.array(argument),
  })).min(2).max(5),
  informations_manquantes: z.array(z.string()),
  examens: z.array(z.string()),
  traitements: z.array(z.object({ medicament: z.string(), posologie: z.string(), contre_indications: z.string() })),
  education: z.array(z.string()),
  urgence: z.enum(['rouge', 'orange', 'jaune', 'vert']),
  references: z.array(z.object({ titre: z.string(), source: z.string() })),
});

export const schemaSynthese = z.object({
  synthese_clinique: z.string(), diagnostics_differentiels: z.string(), examens_paracliniques: z.string(),
  traitement: z.string(), education: z.string(), references: z.string(),
});
