import { invalid, type AppError } from '@mediai/kit/errors';
import { fileTypeFromBuffer } from 'file-type';

/** A kind of file that is taken: what the bytes are told by, and under which extensions such a file is known. */
export interface TypeFichier {
  readonly mime: string;
  /** The first is the one that is given to a name that has none of them. */
  readonly extensions: readonly [string, ...string[]];
}

const JPEG: TypeFichier = { mime: 'image/jpeg', extensions: ['jpg', 'jpeg', 'jpe', 'jfif'] };
const PNG: TypeFichier = { mime: 'image/png', extensions: ['png', 'apng'] };
const DICOM: TypeFichier = { mime: 'application/dicom', extensions: ['dcm', 'dicom'] };

/** What documents of a dossier may be. HEIC is what the cameras of many telephones write. */
export const DOCUMENTS: readonly TypeFichier[] = [
  JPEG,
  PNG,
  { mime: 'image/webp', extensions: ['webp'] },
  { mime: 'image/gif', extensions: ['gif'] },
  { mime: 'image/heic', extensions: ['heic', 'heif'] },
  { mime: 'application/pdf', extensions: ['pdf'] },
  DICOM,
];
/** What a signature may be: browsers show it. */
export const IMAGES_SIGNATURE: readonly TypeFichier[] = [JPEG, PNG];

/** What is taken at one place. */
export interface ReglesFichier {
  /** Name of the form's field, by which a refusal is told. */
  readonly champ: string;
  readonly octetsMax: number;
  readonly types: readonly TypeFichier[];
}

const MO = 1024 * 1024;
export const REGLES_DOCUMENT = { octetsMax: 10 * MO, types: DOCUMENTS } as const;
export const REGLES_SIGNATURE: ReglesFichier = { champ: 'signature_medecin', octetsMax: 2 * MO, types: IMAGES_SIGNATURE };

/** Enough of a file to tell what it is. */
export const DEBUT_OCTETS = 4_100;
/** Media types that name the same kind of file. */
const SYNONYMES: Record<string, string> = { 'image/apng': 'image/png', 'image/heif': 'image/heic' };
const PREAMBULE_OCTETS = 128;
/** Signature and first chunk of every PNG (its specification, section 5). The library reads on to tell animated ones, past the long profiles that some bear. */
const PNG_DEBUT = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/**
 * What a file is by its first bytes, whatever its name and its content type say.
 *
 * A DICOM file begins with 128 bytes of anyone's choice, behind which it can also be a program: they must be empty.
 * @param debut the first bytes, `DEBUT_OCTETS` where there are as many
 */
export async function typeDe(debut: Uint8Array, types: readonly TypeFichier[]): Promise<TypeFichier | undefined> {
  if (Buffer.from(debut.subarray(0, PNG_DEBUT.byteLength)).equals(PNG_DEBUT)) return types.find((un) => un === PNG);
  const mime = (await fileTypeFromBuffer(debut))?.mime;
  const type = mime && types.find((un) => un.mime === (SYNONYMES[mime] ?? mime));
  if (type) return type;
  const estDicom = debut.subarray(0, PREAMBULE_OCTETS).every((octet) => octet === 0) && Buffer.from(debut.subarray(PREAMBULE_OCTETS, PREAMBULE_OCTETS + 4)).toString('latin1') === 'DICM';
  return estDicom ? types.find((un) => un === DICOM) : undefined;
}

const NOM_MAX = 150;

/**
 * A client's name of a file as one to keep it under: no path part (also percent-encoded), no control or invisible
 * character, none that a file system refuses, an extension of what the file is, at most 150 characters. Never a path.
 */
export function nomPropre(nom: string, { extensions }: TypeFichier): string {
  const dernier = nom.toWellFormed().normalize('NFC').split(/[/\\]|%2f|%5c/i).at(-1) ?? '';
  const propre = dernier.replace(/\p{C}/gu, '').replace(/[<>:"|?*\ufffd]/g, '_').replace(/\s+/g, ' ').replace(/^[. ]+|[. ]+$/g, '');
  const [, base = '', extension = ''] = /^(.*?)(?:\.([^.]*))?$/.exec(propre) ?? [];
  const connue = extensions.includes(extension.toLowerCase());
  const fin = `.${connue ? extension.toLowerCase() : extensions[0]}`;
  const reste = (connue ? base : propre).slice(0, NOM_MAX - fin.length).toWellFormed().replaceAll('\ufffd', '').replace(/[. ]+$/, '');
  return `${reste || 'fichier'}${fin}`;
}

/** Where the bytes of a file lie. */
export const cleDe = (id: string): string => `fichiers/${id}`;

export const fichierTropGrand = ({ champ, octetsMax }: ReglesFichier): AppError => invalid({ [champ]: [`Le fichier dépasse ${octetsMax / MO} Mo : envoyez-en un plus petit.`] }, 'fichier.trop_grand');

const TYPES_DITS: Record<string, string> = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP', 'image/gif': 'GIF', 'image/heic': 'HEIC', 'application/pdf': 'PDF', 'application/dicom': 'DICOM' };
const dire = (types: readonly TypeFichier[]): string => types.map(({ mime }) => TYPES_DITS[mime] ?? mime).join(', ');

export const typeRefuse = ({ champ, types }: ReglesFichier): AppError =>
  invalid({ [champ]: [`Ce fichier n'est pas d'un type accepté (${dire(types)}), quel que soit son nom.`] }, 'fichier.type_refuse');
export const fichierVide = ({ champ }: ReglesFichier): AppError => invalid({ [champ]: ['Le fichier est vide.'] }, 'fichier.vide');
export const fichierInfecte = ({ champ }: ReglesFichier): AppError => invalid({ [champ]: ["Ce fichier contient un programme malveillant : il n'a pas été gardé."] }, 'fichier.infecte');
