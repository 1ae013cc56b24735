import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** A phone in any notation as E.164 (ITU-T E.164, at most 15 digits), read as a Congolese (CD) number without a country code; undefined when it is none. */
export function toE164(phone: string): string | undefined {
  const parsed = parsePhoneNumberFromString(phone.normalize('NFKC'), { defaultCountry: 'CD', extract: false });
  return parsed?.isValid() ? parsed.number : undefined;
}
