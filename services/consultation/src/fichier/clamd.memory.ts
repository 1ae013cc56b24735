import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The test file of EICAR, in two parts so that no scanner takes this source for it. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** A clamd that speaks INSTREAM and knows EICAR alone; `dire` is what it answers instead. */
export async function startClamd() {
  const etat = { vus: [] as number[], dire: undefined as string | undefined, muet: false };
  const sockets = new Set<Socket>();
  const serveur = createServer((socket) => {
    sockets.add(socket);
    let recu = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (octets) => {
      recu = Buffer.concat([recu, octets]);
      const contenu = etat.muet ? undefined : lireInstream(recu);
      if (contenu === undefined) return;
      etat.vus.push(contenu.byteLength);
      socket.end(`${etat.dire ?? (contenu.includes(EICAR) ? 'stream: Win.Test.EICAR_HDB-1 FOUND' : 'stream: OK')}\0`);
    });
  });
  await new Promise<void>((pret) => serveur.listen(0, '127.0.0.1', pret));
  return Object.assign(etat, {
    adresse: `127.0.0.1:${(serveur.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((fini) => serveur.close(fini));
    },
  });
}

/** What was sent, once its end is there. */
function lireInstream(recu: Buffer): Buffer | undefined {
  const commande = 'zINSTREAM\0';
  if (!recu.subarray(0, commande.length).equals(Buffer.from(commande))) return undefined;
  const pieces: Buffer[] = [];
  for (let place = commande.length; place + 4 <= recu.byteLength; ) {
    const longueur = recu.readUInt32BE(place);
    if (longueur === 0) return Buffer.concat(pieces);
    pieces.push(recu.subarray(place + 4, place + 4 + longueur));
    place += 4 + longueur;
  }
  return undefined;
}
