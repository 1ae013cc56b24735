import type { GetDossierResponse } from '@mediai/contracts/consultation/v1/document_service';
import { attachmentJson } from './attachment-json.ts';
import { ficheJson } from './fiche-json.ts';
import { ficheMessageJson } from './fiche-message-json.ts';
import { labResultJson } from './lab-result-json.ts';
import { present } from './present.ts';
import { referenceJson } from './reference-json.ts';

/** A fiche with all that lies beside it as JSON, in the forms of the single calls; `origin` is where the client reached the API. */
export const dossierJson = ({ fiche, messages, references, labResults, attachments }: GetDossierResponse, origin: string) => ({
  ...ficheJson(present(fiche)),
  messages: messages.map(ficheMessageJson),
  references: references.map(referenceJson),
  lab_results: labResults.map((one) => labResultJson(one, origin)),
  attachments: attachments.map((one) => attachmentJson(one, origin)),
});

const arrayOf = (schema: string) => ({ type: 'array', items: { $ref: `${schema}#` } });

/** Schema of a dossier as answered: a fiche with four arrays. */
export const dossierSchema = {
  $id: 'Dossier',
  allOf: [
    { $ref: 'FicheConsultation#' },
    { type: 'object', properties: { messages: arrayOf('FicheMessage'), references: arrayOf('FicheReference'), lab_results: arrayOf('LabResult'), attachments: arrayOf('Attachment') }, required: ['messages', 'references', 'lab_results', 'attachments'] },
  ],
} as const;
