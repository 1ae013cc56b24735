import { inflateSync } from 'node:zlib';

/** Pixels of each side at most, and bytes of an unpacked image. */
const COTE_MAX = 6_000;
const DEBALLE_MAX = 128 * 1024 * 1024;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Whether an image can be drawn: a whole PNG, or a JPEG, of a bounded size. pdfkit unpacks a PNG where an error ends the
 * thread, and believes any size it is told.
 */
export function imageLisible(octets: Uint8Array): boolean {
  const image = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  try {
    return image.subarray(0, 8).equals(PNG) ? pngLisible(image) : jpegLisible(image);
  } catch {
    return false; // cut short or broken: zlib and Buffer tell it by throwing
  }
}

function pngLisible(image: Buffer): boolean {
  const donnees: Buffer[] = [];
  let entete: Buffer | undefined;
  for (let i = 8; i < image.length; ) {
    const taille = image.readUInt32BE(i);
    const type = image.toString('latin1', i + 4, i + 8);
    const contenu = image.subarray(i + 8, i + 8 + taille);
    if (contenu.length < taille) return false;
    if (type === 'IHDR') entete = contenu;
    if (type === 'IDAT') donnees.push(contenu);
    if (type === 'IEND') return entete !== undefined && borne(entete.readUInt32BE(0), entete.readUInt32BE(4)) && inflateSync(Buffer.concat(donnees), { maxOutputLength: DEBALLE_MAX }).length > 0;
    i += 12 + taille;
  }
  return false;
}

/** ISO/IEC 10918-1: the frame header (SOF0 to SOF2) holds height and width. */
function jpegLisible(image: Buffer): boolean {
  if (image.readUInt16BE(0) !== 0xffd8) return false;
  for (let i = 2; i < image.length; i += 2 + image.readUInt16BE(i + 2)) {
    const marque = image.readUInt16BE(i);
    if (marque >= 0xffc0 && marque <= 0xffc2) return image[i + 4] === 8 && borne(image.readUInt16BE(i + 7), image.readUInt16BE(i + 5));
    if (marque < 0xff01 || marque === 0xffda) return false;
  }
  return false;
}

const borne = (largeur: number, hauteur: number): boolean => largeur > 0 && hauteur > 0 && largeur <= COTE_MAX && hauteur <= COTE_MAX;
