import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** A phone in any notation as E.164 (ITU-T E.164), read as Congolese (CD) without a country code; null when it is none. */
export function versE164(telephone: string): string | null {
  const lu = parsePhoneNumberFromString(telephone.normalize('NFKC'), { defaultCountry: 'CD', extract: false });
  return lu?.isValid() ? lu.number : null;
}
