import type { Colonne, Valeur } from './format/colonne.ts';

const LOT = 1_000;

/** Rows as the bytes of a segment: one JSON array a line. */
export async function* ecrireSegment(lignes: readonly (readonly Valeur[])[]): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < lignes.length; i += LOT) {
    yield Buffer.from(lignes.slice(i, i + LOT).map((ligne) => `${JSON.stringify(ligne)}\n`).join(''));
  }
}

/** The rows of a segment, some hundreds at a time. */
export async function* lireSegment(octets: AsyncIterable<Uint8Array>, colonnes: readonly Colonne[]): AsyncGenerator<Valeur[][]> {
  const instants = colonnes.flatMap(({ type }, i) => (type === 'timestamp' ? [i] : []));
  const decodeur = new TextDecoder();
  let reste = '';
  const enLignes = (texte: string[]): Valeur[][] =>
    texte.filter(Boolean).map((ligne) => {
      const valeurs = JSON.parse(ligne) as Valeur[];
      for (const i of instants) if (typeof valeurs[i] === 'string') valeurs[i] = new Date(valeurs[i]);
      return valeurs;
    });
  for await (const morceau of octets) {
    const textes = (reste + decodeur.decode(morceau, { stream: true })).split('\n');
    reste = textes.pop() ?? '';
    if (textes.length > 0) yield enLignes(textes);
  }
  reste += decodeur.decode();
  if (reste) yield enLignes([reste]);
}
