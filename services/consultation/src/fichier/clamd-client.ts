import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { unavailable } from '@mediai/kit/errors';
import type { Scanner } from './ports.ts';

const CONNEXION_MS = 3_000;
const SILENCE_MS = 30_000;
const PIECE_OCTETS = 64 * 1024;
const REPONSE_MAX = 4_096;

/** No scanner is configured: files are told by their bytes alone. */
export const sansScanner: Scanner = { examiner: async () => 'propre' };

/**
 * ClamAV's clamd, asked with INSTREAM (clamd(8)): pieces with their length in four bytes, an empty one at the end.
 * Whatever is neither `OK` nor `FOUND` is no answer: an unexamined file is not kept.
 * @param adresse host:port
 */
export function createClamd({ adresse }: { adresse: string }): Scanner {
  const deux = adresse.lastIndexOf(':');
  const [host, port] = [adresse.slice(0, deux).replace(/^\[|\]$/g, ''), Number(adresse.slice(deux + 1))];
  return {
    async examiner(contenu) {
      const socket = connect({ host, port });
      const reponse = lireReponse(socket);
      reponse.catch(() => undefined); // told where it is awaited
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(CONNEXION_MS) });
        socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('clamd says nothing')));
        await envoyer(socket, 'zINSTREAM\0');
        for await (const octets of contenu) {
          for (let debut = 0; debut < octets.byteLength; debut += PIECE_OCTETS) await envoyer(socket, piece(octets.subarray(debut, debut + PIECE_OCTETS)));
        }
        await envoyer(socket, piece(new Uint8Array()));
        return verdict(await reponse);
      } catch (thrown) {
        throw unavailable(thrown, 10);
      } finally {
        socket.destroy();
      }
    },
  };
}

function piece(octets: Uint8Array): Buffer {
  const longueur = Buffer.alloc(4);
  longueur.writeUInt32BE(octets.byteLength);
  return Buffer.concat([longueur, octets]);
}

/** Waits until the socket takes more. @throws when it is closed meanwhile */
function envoyer(socket: Socket, octets: Buffer | string): Promise<void> {
  return new Promise((resolve, reject) => void socket.write(octets, (error) => (error ? reject(error) : resolve())));
}

async function lireReponse(socket: Socket): Promise<string> {
  let texte = '';
  for await (const octets of socket) {
    texte += String(octets);
    if (texte.includes('\0') || texte.length > REPONSE_MAX) break;
  }
  return texte.split('\0')[0] ?? '';
}

function verdict(reponse: string): 'propre' | 'infecte' {
  if (/^stream: OK$/.test(reponse)) return 'propre';
  if (/^stream: .+ FOUND$/.test(reponse)) return 'infecte';
  throw new Error('clamd gave no verdict');
}
