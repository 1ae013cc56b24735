import { timestampDate, timestampFromDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { estDate } from '@mediai/fiche';
import { AppError } from '@mediai/kit/errors';

/** An instant as ISO 8601, or null. */
export const toIso = (instant: Timestamp | undefined): string | null => (instant ? timestampDate(instant).toISOString() : null);

/**
 * An instant that a client wrote; without an offset it is in Africa/Lubumbashi (UTC+2, no DST).
 * @throws AppError 400 naming the field
 */
export function fromIso(field: string, text: string): Timestamp {
  // Date reads other notations too, and makes 2 March of a 30 February: an appointment on a day that nobody asked for.
  const isIso = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/.test(text) && estDate(text.slice(0, 10));
  const instant = new Date(/(?:[zZ]|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}+02:00`);
  if (!isIso || Number.isNaN(instant.getTime())) {
    throw new AppError('invalid', undefined, undefined, { fields: { [field]: ['Une date et une heure valides sont attendues, au format ISO 8601.'] } });
  }
  return timestampFromDate(instant);
}
