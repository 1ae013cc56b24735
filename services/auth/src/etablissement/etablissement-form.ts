import { toE164 } from '../account/phone.ts';
import { noChoice, readRequiredLine, refuseFaulty, unreadable, type Read } from '../form/field.ts';
import type { ConsentementIa, EtablissementSettings } from './etablissement.ts';

/** What a client wrote about an établissement: absent is unchanged, an empty number removes it, texts replace all. */
export type EtablissementForm = { nom?: string; telephoneUrgence?: string; fuseau?: string; consentementIa?: string; textes?: { textes: Record<string, string> } };

const maxTextes = 20;
const maxTexteLength = 2_000;
const maxNomLength = 200;

/** The values that were written; throws `invalid` (`etablissement.invalide`) naming every faulty field. A new one needs a name. */
export function readEtablissementForm(form: EtablissementForm, isNew: boolean): Partial<EtablissementSettings> {
  const reads = {
    nom: form.nom === undefined && !isNew ? undefined : readRequiredLine(form.nom ?? '', maxNomLength),
    telephoneUrgence: form.telephoneUrgence === undefined ? undefined : readTelephone(form.telephoneUrgence),
    fuseau: form.fuseau === undefined ? undefined : readFuseau(form.fuseau),
    consentementIa: form.consentementIa === undefined ? undefined : readConsentement(form.consentementIa),
    textes: form.textes === undefined ? undefined : readTextes(form.textes.textes),
  };
  const { nom, telephoneUrgence: telephone_urgence, fuseau, consentementIa: consentement_ia, textes } = reads;
  refuseFaulty({ nom, telephone_urgence, fuseau, consentement_ia, textes }, 'etablissement.invalide');
  return Object.fromEntries(Object.entries(reads).flatMap(([name, read]) => (read ? [[name, read.value]] : [])));
}

/** A short number (two to six digits, such as 112) as it is, any other as E.164. */
function readTelephone(text: string): Read<string | null> {
  const value = text.trim();
  if (value === '') return { value: null, faults: [] };
  if (/^[0-9]{2,6}$/.test(value)) return { value, faults: [] };
  const e164 = toE164(value.slice(0, 60));
  return { value: e164 ?? null, faults: e164 === undefined ? ["Saisissez un numéro d'urgence valide (par exemple 112 ou +243 812 345 678)."] : [] };
}

/** A zone of the IANA time zone database (RFC 6557), by name; an offset is none. */
function readFuseau(text: string): Read<string> {
  const value = text.trim();
  return { value, faults: isZone(value) ? [] : ["Ce fuseau horaire n'existe pas (par exemple Africa/Lubumbashi)."] };
}

function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,59}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('fr', { timeZone: name }).format();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function readConsentement(text: string): Read<ConsentementIa> {
  if (text === 'presume' || text === 'explicite') return { value: text, faults: [] };
  return { value: 'explicite', faults: [noChoice(text)] };
}

function readTextes(textes: Record<string, string>): Read<Record<string, string>> {
  const entries = Object.entries(textes);
  const faults: string[] = [];
  if (entries.length > maxTextes) faults.push(`Assurez-vous que ce champ comporte au plus ${maxTextes} éléments.`);
  if (entries.some(([name]) => !/^[A-Za-z][A-Za-z0-9_.-]{0,39}$/.test(name))) faults.push('Un nom de texte commence par une lettre et compte au plus 40 lettres, chiffres, « . », « - » ou « _ ».');
  if (entries.some(([, text]) => Array.from(text).length > maxTexteLength)) faults.push(`Assurez-vous que chaque texte comporte au plus ${maxTexteLength} caractères.`);
  if (entries.some(([, text]) => text.includes('\0') || !text.isWellFormed())) faults.push(unreadable);
  return { value: { ...textes }, faults };
}
