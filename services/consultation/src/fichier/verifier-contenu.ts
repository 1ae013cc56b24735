import { createHash } from 'node:crypto';
import { DEBUT_OCTETS, fichierTropGrand, fichierVide, typeDe, typeRefuse, type ReglesFichier, type TypeFichier } from './fichier.ts';
import type { Octets } from './ports.ts';

/** What is known of a file whose last byte was read. */
export interface Mesure {
  readonly type: TypeFichier;
  readonly taille: number;
  readonly sha256: Uint8Array;
}

/**
 * Bytes that pass while they keep to the rules: nothing passes before the first of them have told an allowed type, and
 * nothing is read any more once they are too many. `mesure` is there when the last has passed.
 * @returns octets, whose reading throws AppError invalid `fichier.type_refuse`, `fichier.trop_grand`, `fichier.vide` and what the source throws
 */
export function verifierContenu(contenu: Octets, regles: ReglesFichier): { octets: Octets; mesure: () => Mesure | undefined } {
  let mesure: Mesure | undefined;
  return { octets: passer(), mesure: () => mesure };

  async function* passer(): AsyncGenerator<Uint8Array> {
    const empreinte = createHash('sha256');
    let debut = Buffer.alloc(0);
    let type: TypeFichier | undefined;
    let taille = 0;
    for await (const piece of contenu) {
      taille += piece.byteLength;
      if (taille > regles.octetsMax) throw fichierTropGrand(regles);
      empreinte.update(piece);
      if (type) {
        yield piece;
        continue;
      }
      debut = Buffer.concat([debut, piece]);
      if (debut.byteLength < DEBUT_OCTETS) continue;
      type = await exigerType(debut);
      yield debut;
    }
    if (taille === 0) throw fichierVide(regles);
    if (!type) {
      type = await exigerType(debut);
      yield debut;
    }
    mesure = { type, taille, sha256: empreinte.digest() };
  }

  async function exigerType(debut: Uint8Array): Promise<TypeFichier> {
    const type = await typeDe(debut, regles.types);
    if (!type) throw typeRefuse(regles);
    return type;
  }
}
