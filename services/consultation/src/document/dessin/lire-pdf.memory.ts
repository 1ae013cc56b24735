import { createCanvas } from '@napi-rs/canvas';
import { COUPURE } from './texte-imprimable.ts';

// Types and module of pdf.js for Node; the other one wants a browser.
const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs');

/** What a reader finds in a PDF: its text by page, its links, its metadata. */
export async function lirePdf(octets: Uint8Array) {
  const document = await pdfjs.getDocument({ data: Uint8Array.from(octets), verbosity: 0 }).promise;
  const pages = await Promise.all(Array.from({ length: document.numPages }, (_, i) => document.getPage(i + 1)));
  const textes = await Promise.all(pages.map(async (page) => (await page.getTextContent()).items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('').replaceAll(COUPURE, '')));
  const annotations = (await Promise.all(pages.map((page) => page.getAnnotations()))).flat() as { subtype: string; url?: string }[];
  const { info } = (await document.getMetadata()) as { info: Record<string, unknown> };
  return { pages: textes, texte: textes.join('\n'), liens: annotations.flatMap(({ url }) => url ?? []), info };
}

/**
 * A page as pixels.
 * @param echelle pixels a point
 */
export async function peindrePage(octets: Uint8Array, numero: number, echelle: number): Promise<{ largeur: number; hauteur: number; pixels: Uint8ClampedArray; png: Buffer }> {
  const page = await (await pdfjs.getDocument({ data: Uint8Array.from(octets), verbosity: 0 }).promise).getPage(numero);
  const viewport = page.getViewport({ scale: echelle });
  const [largeur, hauteur] = [Math.floor(viewport.width), Math.floor(viewport.height)];
  const canvas = createCanvas(largeur, hauteur);
  const contexte = canvas.getContext('2d');
  await page.render({ canvas: canvas as never, canvasContext: contexte as never, viewport }).promise;
  return { largeur, hauteur, pixels: contexte.getImageData(0, 0, largeur, hauteur).data, png: canvas.toBuffer('image/png') };
}
