/**
 * The font of documents: Roboto as pdfmake brings it, with the letters that Lingala needs and Roboto lacks.
 *
 * Open e and open o (ɛ Ɛ ɔ Ɔ) and the tone marks of both (circumflex, caron, macron) are made of glyphs that are there:
 * ɛ has the form of Cyrillic reversed ze, ɔ is c turned by half, a combining mark is its spacing twin without advance.
 * The tables written are those of the OpenType specification 1.9 (cmap format 12, composite glyphs of glyf, loca, hmtx).
 */

/** A font that can be embedded, and the characters it has a glyph for. */
export interface Police {
  readonly octets: Buffer;
  readonly caracteres: ReadonlySet<number>;
}

/** Letters that have the form of another. */
const MEMES_FORMES = [['ɛ', 'ԑ'], ['Ɛ', 'Ԑ']] as const;
/** Letters that are another one turned by half. */
const TOURNEES = [['ɔ', 'c'], ['Ɔ', 'C']] as const;
/** Combining marks and their spacing twins. */
const MARQUES = [['\u0302', 'ˆ'], ['\u030C', 'ˇ'], ['\u0304', 'ˉ']] as const;

/** A combining mark whose place the new ones take. */
const MARQUE_MODELE = '\u0303';

const ARGS_SONT_MOTS = 0x0001;
const ARGS_SONT_XY = 0x0002;
const ECHELLE = 0x0008;
const DECALAGE_SANS_ECHELLE = 0x1000;
const MOINS_UN = 0xc000; // -1 as F2DOT14: half a turn

type Tables = Map<string, Buffer>;
interface Glyphe {
  readonly octets: Buffer;
  readonly avance: number;
  readonly bord: number;
}

const rang = (texte: string): number => texte.codePointAt(0) ?? 0;

/**
 * A TrueType font with the letters above; those it has already stay as they are.
 * @param octets the file of the font
 * @throws Error where it is no such font
 */
export function completerPolice(octets: Buffer): Police {
  const tables = lireTables(octets);
  const carte = lireCarte(table(tables, 'cmap'));
  const ajoutes: Glyphe[] = [];
  const nombre = table(tables, 'maxp').readUInt16BE(4);
  const idDe = (lettre: string): number => {
    const id = carte.get(rang(lettre));
    if (id === undefined) throw new Error(`the font has no ${lettre}`);
    return id;
  };
  const ajouter = (lettre: string, glyphe: Glyphe): void => {
    carte.set(rang(lettre), nombre + ajoutes.length);
    ajoutes.push(glyphe);
  };

  for (const [lettre, modele] of MEMES_FORMES) if (!carte.has(rang(lettre))) carte.set(rang(lettre), idDe(modele));
  for (const [lettre, modele] of TOURNEES) if (!carte.has(rang(lettre))) ajouter(lettre, tourner(tables, idDe(modele)));
  for (const [lettre, modele] of MARQUES) if (!carte.has(rang(lettre))) ajouter(lettre, poser(tables, idDe(modele), idDe(MARQUE_MODELE)));
  ecrireGlyphes(tables, ajoutes);
  tables.set('cmap', ecrireCarte(carte));
  return { octets: ecrireTables(tables), caracteres: new Set(carte.keys()) };
}

function table(tables: Tables, nom: string): Buffer {
  const trouvee = tables.get(nom);
  if (!trouvee) throw new Error(`the font has no table ${nom}`);
  return trouvee;
}

function lireTables(octets: Buffer): Tables {
  const tables: Tables = new Map();
  for (let i = 0; i < octets.readUInt16BE(4); i++) {
    const entree = 12 + 16 * i;
    const debut = octets.readUInt32BE(entree + 8);
    tables.set(octets.toString('latin1', entree, entree + 4), octets.subarray(debut, debut + octets.readUInt32BE(entree + 12)));
  }
  return tables;
}

/** Characters -> glyphs, of the table's Unicode BMP part (platform 3, encoding 1, format 4). */
function lireCarte(cmap: Buffer): Map<number, number> {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const entree = 4 + 8 * i;
    const partie = cmap.subarray(cmap.readUInt32BE(entree + 4));
    if (cmap.readUInt16BE(entree) === 3 && cmap.readUInt16BE(entree + 2) === 1 && partie.readUInt16BE(0) === 4) return lireFormat4(partie);
  }
  throw new Error('the font has no cmap of format 4');
}

function lireFormat4(partie: Buffer): Map<number, number> {
  const double = partie.readUInt16BE(6);
  const carte = new Map<number, number>();
  for (let i = 0; i < double; i += 2) {
    const [fin, debut, delta] = [partie.readUInt16BE(14 + i), partie.readUInt16BE(16 + double + i), partie.readUInt16BE(16 + 2 * double + i)];
    const position = 16 + 3 * double + i;
    const decalage = partie.readUInt16BE(position);
    for (let c = debut; c <= fin && c !== 0xffff; c++) {
      const brut = decalage === 0 ? c : partie.readUInt16BE(position + decalage + 2 * (c - debut));
      const id = decalage !== 0 && brut === 0 ? 0 : (brut + delta) & 0xffff;
      if (id !== 0) carte.set(c, id);
    }
  }
  return carte;
}

/** Where a glyph's outline lies in glyf. */
function contour(tables: Tables, id: number): Buffer {
  const loca = table(tables, 'loca');
  const long = table(tables, 'head').readInt16BE(50) === 1;
  const a = (i: number): number => (long ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i));
  return table(tables, 'glyf').subarray(a(id), a(id + 1));
}

function boite(tables: Tables, id: number): [number, number, number, number] {
  const octets = contour(tables, id);
  return [octets.readInt16BE(2), octets.readInt16BE(4), octets.readInt16BE(6), octets.readInt16BE(8)];
}

/** A glyph turned by half about its middle: as wide, and as far from its neighbours. */
function tourner(tables: Tables, id: number): Glyphe {
  const bords = boite(tables, id);
  const avance = table(tables, 'hmtx').readUInt16BE(4 * id);
  const [xMin, yMin, xMax, yMax] = bords;
  const decale = avance - xMax - xMin; // its free space left and right changes sides
  return { octets: compose(id, [xMin + decale, yMin, xMax + decale, yMax], xMin + xMax + decale, yMin + yMax, true), avance, bord: xMin + decale };
}

/** A spacing mark as a combining one, over the middle of what comes before. */
function poser(tables: Tables, id: number, modele: number): Glyphe {
  const [xMin, yMin, xMax, yMax] = boite(tables, id);
  const [modeleMin, , modeleMax] = boite(tables, modele);
  const dx = Math.round((modeleMin + modeleMax - xMin - xMax) / 2);
  return { octets: compose(id, [xMin + dx, yMin, xMax + dx, yMax], dx, 0, false), avance: 0, bord: xMin + dx };
}

function compose(id: number, bords: readonly number[], dx: number, dy: number, tournee: boolean): Buffer {
  const octets = Buffer.alloc(tournee ? 20 : 18);
  octets.writeInt16BE(-1, 0);
  bords.forEach((bord, i) => octets.writeInt16BE(bord, 2 + 2 * i));
  octets.writeUInt16BE(ARGS_SONT_MOTS | ARGS_SONT_XY | DECALAGE_SANS_ECHELLE | (tournee ? ECHELLE : 0), 10);
  octets.writeUInt16BE(id, 12);
  octets.writeInt16BE(dx, 14);
  octets.writeInt16BE(dy, 16);
  if (tournee) octets.writeUInt16BE(MOINS_UN, 18);
  return octets;
}

/** Adds glyphs at the end: glyf, loca (in its long form), hmtx, and the counts of them. */
function ecrireGlyphes(tables: Tables, ajoutes: readonly Glyphe[]): void {
  const [maxp, hhea, head] = (['maxp', 'hhea', 'head'] as const).map((nom) => Buffer.from(table(tables, nom))) as [Buffer, Buffer, Buffer];
  const nombre = maxp.readUInt16BE(4);
  if (hhea.readUInt16BE(34) !== nombre) throw new Error('the font has glyphs without metrics of their own');
  const glyphes = [...Array.from({ length: nombre }, (_, id) => contour(tables, id)), ...ajoutes.map(({ octets }) => octets)];
  const loca = Buffer.alloc(4 * (glyphes.length + 1));
  let fin = 0;
  glyphes.forEach((octets, i) => loca.writeUInt32BE((fin += octets.length), 4 * (i + 1)));
  const mesures = Buffer.alloc(4 * ajoutes.length);
  ajoutes.forEach(({ avance, bord }, i) => {
    mesures.writeUInt16BE(avance, 4 * i);
    mesures.writeInt16BE(bord, 4 * i + 2);
  });
  maxp.writeUInt16BE(glyphes.length, 4);
  hhea.writeUInt16BE(glyphes.length, 34);
  head.writeInt16BE(1, 50);
  for (const [nom, octets] of Object.entries({ maxp, hhea, head, loca, glyf: Buffer.concat(glyphes), hmtx: Buffer.concat([table(tables, 'hmtx'), mesures]) })) tables.set(nom, octets);
}

/** A cmap of one part: platform 3, encoding 10, format 12. */
function ecrireCarte(carte: ReadonlyMap<number, number>): Buffer {
  const suites: { debut: number; fin: number; id: number }[] = [];
  for (const [c, id] of [...carte].sort(([a], [b]) => a - b)) {
    const derniere = suites.at(-1);
    if (derniere && c === derniere.fin + 1 && id === derniere.id + c - derniere.debut) derniere.fin = c;
    else suites.push({ debut: c, fin: c, id });
  }
  const octets = Buffer.alloc(12 + 16 + 12 * suites.length);
  octets.writeUInt16BE(1, 2);
  octets.writeUInt16BE(3, 4);
  octets.writeUInt16BE(10, 6);
  octets.writeUInt32BE(12, 8);
  octets.writeUInt16BE(12, 12);
  octets.writeUInt32BE(octets.length - 12, 16);
  octets.writeUInt32BE(suites.length, 24);
  suites.forEach((suite, i) => [suite.debut, suite.fin, suite.id].forEach((mot, j) => octets.writeUInt32BE(mot, 28 + 12 * i + 4 * j)));
  return octets;
}

/** The tables as a file; checksums are left at 0, which no reader of an embedded font checks. */
function ecrireTables(tables: Tables): Buffer {
  const noms = [...tables.keys()].sort();
  const entete = Buffer.alloc(12 + 16 * noms.length);
  entete.writeUInt32BE(0x00010000, 0);
  entete.writeUInt16BE(noms.length, 4);
  const morceaux: Buffer[] = [entete];
  let debut = entete.length;
  noms.forEach((nom, i) => {
    const octets = table(tables, nom);
    entete.write(nom, 12 + 16 * i, 'latin1');
    entete.writeUInt32BE(debut, 20 + 16 * i);
    entete.writeUInt32BE(octets.length, 24 + 16 * i);
    const plein = Buffer.concat([octets, Buffer.alloc((4 - (octets.length % 4)) % 4)]);
    morceaux.push(plein);
    debut += plein.length;
  });
  return Buffer.concat(morceaux);
}
