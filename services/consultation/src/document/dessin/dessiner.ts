import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pdfmake from 'pdfmake';
import type { DocumentImprime } from '../document.ts';
import { imageLisible } from './image-lisible.ts';
import { mettreEnPage } from './mise-en-page.ts';
import { completerPolice, type Police } from './police.ts';
import { texteImprimable } from './texte-imprimable.ts';

const STYLES = { normal: 'Roboto-Regular.ttf', bold: 'Roboto-Medium.ttf', italics: 'Roboto-Italic.ttf', bolditalics: 'Roboto-MediumItalic.ttf' } as const;

/** Its types do not tell that it keeps files in memory. */
const { virtualfs } = pdfmake as typeof pdfmake & { virtualfs: { writeFileSync: (nom: string, octets: Buffer) => void } };

/** The fonts of pdfmake's package, completed, read once in this thread. */
function chargerPolices(): Police {
  const dossier = join(createRequire(import.meta.url).resolve('pdfmake/package.json'), '../fonts/Roboto');
  const polices = Object.values(STYLES).map((fichier) => {
    const police = completerPolice(readFileSync(join(dossier, fichier)));
    virtualfs.writeFileSync(fichier, police.octets);
    return police;
  });
  pdfmake.setFonts({ Roboto: { ...STYLES } });
  // A document asks nobody for anything: neither the network nor the disk.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(() => false);
  return polices[0] as Police;
}

let police: Police | undefined;

/**
 * Draws a document. The same document gives the same bytes.
 * @returns a PDF 1.7
 */
export async function dessiner(document: DocumentImprime): Promise<Uint8Array> {
  const { caracteres } = (police ??= chargerPolices());
  return pdfmake.createPdf(mettreEnPage(lisible(document), (texte) => texteImprimable(texte, caracteres))).getBuffer();
}

/** A signature that cannot be drawn is left out, and the document says so. */
function lisible(document: DocumentImprime): DocumentImprime {
  const { validation } = document;
  return validation?.signature && !imageLisible(validation.signature) ? { ...document, validation: { ...validation, signature: null } } : document;
}
