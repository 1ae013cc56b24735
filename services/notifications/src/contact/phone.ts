import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** A phone in any notation as E.164 (ITU-T E.164); a number without a country is Congolese. Undefined when it cannot be one. */
export function toE164(text: string | null | undefined): string | undefined {
  const parsed = text ? parsePhoneNumberFromString(text.normalize('NFKC'), { defaultCountry: 'CD', extract: false }) : undefined;
  return parsed?.isPossible() ? parsed.number : undefined;
}
