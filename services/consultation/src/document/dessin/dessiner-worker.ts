import { parentPort } from 'node:worker_threads';
import type { DocumentImprime } from '../document.ts';
import { dessiner } from './dessiner.ts';

/** What a worker answers: the bytes, or the name of what went wrong; its text might quote what people wrote. */
export type Dessin = { readonly octets: Uint8Array } | { readonly erreur: string };

const port = parentPort;
if (!port) throw new Error('this is the script of a worker thread');
port.on('message', (document: DocumentImprime) => void dessiner(document).then(rendre, echouer));

function rendre(octets: Uint8Array): void {
  const seuls = new Uint8Array(octets); // its own memory, to be handed over whole
  port?.postMessage({ octets: seuls } satisfies Dessin, [seuls.buffer]);
}

function echouer(erreur: unknown): void {
  port?.postMessage({ erreur: erreur instanceof Error ? erreur.name : 'unknown' } satisfies Dessin);
}
