import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Etablissement, EtablissementInputSchema } from '@mediai/contracts/auth/v1/auth_service';

/** An établissement as JSON under the contract's names. */
export const etablissementJson = ({ id, nom, telephoneUrgence, fuseau, consentementIa, textes }: Etablissement) => ({ id, nom, telephone_urgence: telephoneUrgence ?? null, fuseau, consentement_ia: consentementIa, textes });

/** What a client may write of an établissement; absent leaves it as it is. */
export interface EtablissementWritten {
  readonly nom?: string | null;
  readonly telephone_urgence?: string | null;
  readonly fuseau?: string | null;
  readonly consentement_ia?: string | null;
  readonly textes?: Record<string, string> | null;
}

/** The same as the service's message: null and `""` remove the emergency number, and say nothing of the rest; null empties `textes`. */
export function readEtablissement({ nom, telephone_urgence, fuseau, consentement_ia, textes }: EtablissementWritten): MessageInitShape<typeof EtablissementInputSchema> {
  return {
    nom: nom ?? undefined,
    telephoneUrgence: telephone_urgence === undefined ? undefined : (telephone_urgence ?? ''),
    fuseau: fuseau || undefined,
    consentementIa: consentement_ia || undefined,
    textes: textes === undefined ? undefined : { textes: textes ?? {} },
  };
}

/** Schema of what may be written. */
export const etablissementInput = {
  nom: { type: ['string', 'null'], maxLength: 200 },
  telephone_urgence: { type: ['string', 'null'], maxLength: 30 },
  fuseau: { type: ['string', 'null'], maxLength: 64, description: 'Fuseau IANA.' },
  consentement_ia: { type: ['string', 'null'], maxLength: 20, description: 'presume ou explicite.' },
  textes: { type: ['object', 'null'], maxProperties: 100, additionalProperties: { type: 'string', maxLength: 5000 }, description: 'Ses propres textes, par nom : remplace tous les précédents.' },
} as const;

/** Schema of an établissement as answered. */
export const etablissementSchema = {
  $id: 'Etablissement',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    nom: { type: 'string' },
    telephone_urgence: { type: ['string', 'null'] },
    fuseau: { type: 'string', examples: ['Africa/Lubumbashi'] },
    consentement_ia: { type: 'string', enum: ['presume', 'explicite'] },
    textes: { type: 'object', additionalProperties: { type: 'string' } },
  },
} as const;
