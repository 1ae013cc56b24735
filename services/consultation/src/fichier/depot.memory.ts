import { exigerCle, fichierIntrouvable, type DepotFichiers } from './ports.ts';

/** The store of files in memory, with what lies in it. */
export function createDepotMemory(): DepotFichiers & { contenus: Map<string, Buffer> } {
  const contenus = new Map<string, Buffer>();
  return {
    contenus,
    async ecrire(cle, contenu) {
      exigerCle(cle);
      const pieces: Uint8Array[] = [];
      for await (const octets of contenu) pieces.push(Buffer.from(octets));
      const tout = Buffer.concat(pieces);
      contenus.set(cle, tout);
      return { taille: tout.byteLength };
    },
    async lire(cle) {
      exigerCle(cle);
      const tout = contenus.get(cle);
      if (!tout) throw fichierIntrouvable();
      return (async function* () {
        for (let debut = 0; debut < tout.byteLength; debut += 64 * 1024) yield tout.subarray(debut, debut + 64 * 1024);
      })();
    },
    async supprimer(cle) {
      exigerCle(cle);
      contenus.delete(cle);
    },
  };
}
