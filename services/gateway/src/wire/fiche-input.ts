import type { FicheConsultation } from '@mediai/contracts/consultation/v1/fiche';
import { libelleSysteme, lireFiche, refus, type FicheValeurs } from '@mediai/fiche';
import { invalidNamed } from '@mediai/kit/errors';
import type { FastifyReply } from 'fastify';
import { etag } from './call-options.ts';
import { ficheJson, type FicheJson } from './fiche-json.ts';
import { present } from './present.ts';

export const TEXT_MAX = 20_000;
const TEXTS = ['diagnostic', 'traitement', 'examen_complementaire', 'recommandations'] as const;

/** Schema of the result texts. */
export const textProperties = Object.fromEntries(TEXTS.map((name) => [name, { type: ['string', 'null'], maxLength: TEXT_MAX, title: libelleSysteme(name) }]));

/** A fiche as it is answered, under the tag of its version. */
export function ficheAnswer(reply: FastifyReply, message: FicheConsultation | undefined): FicheJson {
  const fiche = present(message);
  reply.header('etag', etag(fiche.version));
  return ficheJson(fiche);
}

/** What a client wrote of a fiche, or a 400 that names each field. */
export function readFiche(body: Record<string, unknown>, options: { complet: boolean; defauts: boolean }): Partial<FicheValeurs> {
  const { valeurs, erreurs } = lireFiche(body, options);
  if (Object.keys(erreurs).length > 0) throw invalidNamed(erreurs);
  return valeurs;
}

/** The result texts of a body; null empties one. */
export function readTexts(body: Record<string, unknown>): { diagnostic?: string; traitement?: string; examenComplementaire?: string; recommandations?: string } {
  const of = (name: (typeof TEXTS)[number]): string | undefined => {
    const sent = body[name];
    if (sent === undefined) return undefined;
    const text = sent === null ? '' : typeof sent === 'number' ? String(sent) : sent;
    if (typeof text !== 'string') throw invalidNamed({ [name]: [refus.texte({ libelle: libelleSysteme(name) })] });
    if (!text.isWellFormed()) throw invalidNamed({ [name]: [refus.caracteres({ libelle: libelleSysteme(name) })] }); // the wire would alter it silently
    return text;
  };
  return { diagnostic: of('diagnostic'), traitement: of('traitement'), examenComplementaire: of('examen_complementaire'), recommandations: of('recommandations') };
}

/** The id of a user in a body: a number, or a number as text; null, `""` and spaces are "not said". */
export function readId(body: Record<string, unknown>, name: 'assigned_medecin' | 'user'): number | undefined {
  const value = body[name];
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return undefined;
  const id = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,10}$/.test(value.trim()) ? Number(value) : NaN;
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) throw invalidNamed({ [name]: [refus.identifiant({ libelle: libelleSysteme(name) })] });
  return id;
}
