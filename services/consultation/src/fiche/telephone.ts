import { CHAMPS, refus, type Champ, type FicheValeurs } from '@mediai/fiche';
import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** A phone in any notation as E.164 (ITU-T E.164), read as Congolese (CD) without a country code; null when it is none. */
export function versE164(telephone: string): string | null {
  const lu = parsePhoneNumberFromString(telephone.normalize('NFKC'), { defaultCountry: 'CD', extract: false });
  return lu?.isValid() ? lu.number : null;
}

const TELEPHONES = (CHAMPS as readonly Champ[]).filter(({ telephone }) => telephone);

/** The phones of a fiche in E.164, under the names of their columns. */
export interface TelephonesE164 {
  telephone_e164: string | null;
  contact_telephone_e164: string | null;
}

/** The E.164 forms of a fiche's phones, by the table of fields; null for one that is no valid number. */
export function telephonesE164(valeurs: Partial<FicheValeurs>): TelephonesE164 {
  const source = valeurs as Record<string, unknown>;
  const formes = TELEPHONES.map(({ nom }) => [`${nom}_e164`, typeof source[nom] === 'string' ? versE164(source[nom]) : null]);
  return Object.fromEntries(formes) as TelephonesE164;
}

/**
 * Refuses phones that nobody could call.
 * @param saisies what was sent
 * @param avant what is stored: a phone that is sent back as it was is not judged again
 * @returns French refusals by field
 */
export function verifierTelephones(saisies: Partial<FicheValeurs>, avant?: FicheValeurs): Record<string, string[]> {
  const [source, stocke] = [saisies as Record<string, unknown>, avant as Record<string, unknown> | undefined];
  const faux = TELEPHONES.filter(({ nom }) => typeof source[nom] === 'string' && source[nom] !== stocke?.[nom] && versE164(source[nom]) === null);
  return Object.fromEntries(faux.map((champ) => [champ.nom, [refus.telephone(champ)]]));
}
