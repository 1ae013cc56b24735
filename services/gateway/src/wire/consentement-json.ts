import type { Consentement } from '@mediai/contracts/auth/v1/auth_service';
import { toIso } from './instant.ts';

/** A consent as JSON under the contract's names. */
export const consentementJson = ({ id, finalite, version, accordeLe, retireLe }: Consentement) => ({ id, finalite, version, accorde_le: toIso(accordeLe), retire_le: toIso(retireLe) });

/** Schema of a consent as answered. */
export const consentementSchema = {
  $id: 'Consentement',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    finalite: { type: 'string', enum: ['analyse_ia'] },
    version: { type: 'string', description: 'Version du texte accepté.' },
    accorde_le: { type: ['string', 'null'], format: 'date-time' },
    retire_le: { type: ['string', 'null'], format: 'date-time', description: 'null tant que le consentement vaut.' },
  },
} as const;
