import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';

/** What a client may send of one field, right or wrong, and what becomes of it. */
export interface Saisie {
  readonly quoi: string;
  readonly valeur: unknown;
  /** What it is read as; absent where it is refused. */
  readonly lu?: string | number | boolean | null;
}

/** The least that creates a fiche. */
export const saisieMinimale: Readonly<Record<string, unknown>> = {
  nom: 'Kabongo', postnom: 'Mwamba', prenom: 'Grâce', date_naissance: '1992-09-20', telephone: '+243970000101', occupation: 'Vendeuse', avenue: 'Likasi 24', quartier: 'Makutano', commune: 'Lubumbashi',
  contact_nom: 'Ilunga', contact_telephone: '+243970000102', contact_adresse: 'Likasi 24', etat: 'Conservé', capacite_physique: 'Top', capacite_psychologique: 'Top', febrile: 'Non', tegument: 'Normal',
};

const refusees = (valeurs: Record<string, unknown>): Saisie[] => Object.entries(valeurs).map(([quoi, valeur]) => ({ quoi, valeur }));
const telles = (valeurs: Record<string, string>): Saisie[] => Object.entries(valeurs).map(([quoi, valeur]) => ({ quoi, valeur, lu: valeur }));
const VIDES = { null: null, nothing: '', spaces: '  \t\n', 'spaces without width': '\u00a0\u2003\u200b\u200f' };
/** What only looks like a text, in a text. */
const ETRANGES = { 'a NUL': 'a\0b', 'half a character': 'a\ud800', 'the other half': '\udc00a' };

function vides(champ: Champ): Saisie[] {
  if (champ.requis) return refusees(VIDES);
  const lu = champ.nullable ? null : (champ.defaut ?? null);
  return Object.entries(VIDES).map(([quoi, valeur]) => ({ quoi, valeur, lu }));
}

function textes({ max = Infinity }: Champ): Saisie[] {
  const ecrits = telles({ 'right to left': '\u202eسلام', 'zero width': 'Ka\u200bbo', NFD: 'Gra\u0302ce', NFC: 'Grâce', markup: '<b>a</b>', ['__proto__']: '__proto__', constructor: 'constructor', quotes: `'"\\;--` });
  return [
    ...ecrits.filter(({ lu }) => String(lu).length <= max),
    ...telles({ 'as long as may be': 'x'.repeat(max), 'as many signs of two units as may be': '😀'.repeat(max) }),
    { quoi: 'a number', valeur: 42, lu: '42' }, { quoi: 'minus zero', valeur: -0, lu: '0' },
    ...refusees({ ...ETRANGES, 'one sign too many': 'x'.repeat(max + 1), 'a tick': true, 'a number without end': Infinity, 'no number': NaN }),
  ];
}

function nombres({ type }: Champ): Saisie[] {
  const lu = (entier: number, decimal: number): number => (type === 'entier' ? entier : decimal);
  return [
    { quoi: 'a comma', valeur: '12,6', lu: lu(13, 12.6) }, { quoi: 'a point', valeur: '12.6', lu: lu(13, 12.6) }, { quoi: 'a float', valeur: 12.6, lu: lu(13, 12.6) }, { quoi: 'a long float', valeur: 38.333333333333336, lu: lu(38, 38.333333333333336) },
    { quoi: 'minus zero', valeur: -0, lu: 0 }, { quoi: 'minus zero as text', valeur: '-0', lu: 0 }, { quoi: 'spaces around', valeur: ' 12 ', lu: 12 },
    ...refusees({ ...ETRANGES, 'a tick': true, words: 'beaucoup', 'text of no number': 'NaN', 'text without end': 'Infinity', 'a number without end': Infinity, 'the other end': -Infinity, 'no number': NaN, 'beyond 32 bits': 2 ** 31, 'huge text': '9'.repeat(400), hexadecimal: '0x10', exponent: '1e2', 'two commas': '1,2,3', 'a thousand of others': '1.234,5', 'digits of others': '١٢', ['__proto__']: '__proto__' }),
  ];
}

const booleens: Saisie[] = [
  ...[true, 1, '1', 'true', 'True', 'oui', 'Oui', 'on'].map((valeur) => ({ quoi: `ticked as ${JSON.stringify(valeur)}`, valeur, lu: true })),
  ...[false, 0, -0, '0', 'false', 'False', 'non', 'Non', 'off'].map((valeur) => ({ quoi: `unticked as ${JSON.stringify(valeur)}`, valeur, lu: false })),
  ...refusees({ ...ETRANGES, words: 'peut-être', two: 2, 'minus one': -1, 'no number': NaN, ['__proto__']: '__proto__', constructor: 'constructor' }),
];

const dates: Saisie[] = [
  ...telles({ 'a day': '1988-02-29' }),
  ...refusees({ ...ETRANGES, 'a day that is not': '1989-02-29', 'a month that is not': '1989-13-01', 'nothing as a day': '0000-00-00', 'a far year': '10000-01-01', 'French form': '20/09/1992', 'an instant': '1992-09-20T00:00:00Z', 'a number': 19920920, 'a tick': true, words: 'hier', 'digits of others': '١٩٩٢-٠٩-٢٠', ['__proto__']: '__proto__' }),
];

function choix({ choix: permis = [] }: Champ): Saisie[] {
  return [
    ...permis.map(({ valeur }) => ({ quoi: `the choice ${valeur}`, valeur, lu: valeur })),
    ...permis.map(({ valeur }) => ({ quoi: `the choice ${valeur} in pieces`, valeur: valeur.normalize('NFD'), lu: valeur })),
    ...refusees({ ...ETRANGES, 'no choice': 'X', 'a number': 42, 'a tick': true, 'no number': NaN, ['__proto__']: '__proto__', constructor: 'constructor', toString: 'toString', 'spaces around': ` ${permis[0]?.valeur} `, 'a long one': 'x'.repeat(5_000) }),
  ];
}

const PAR_TYPE: Record<Champ['type'], (champ: Champ) => Saisie[]> = { texte: textes, entier: nombres, decimal: nombres, booleen: () => booleens, date: () => dates, choix };

/** Everything that is tried on one field, from its line of the table. */
export function saisiesDe(champ: Champ): Saisie[] {
  return [...refusees({ 'an object': { valeur: 'x' }, 'an empty object': {}, 'an array': ['x'], 'an empty array': [], 'an array of what is right': [saisieMinimale[champ.nom] ?? 1], 'an object that names itself': JSON.parse('{"__proto__":{"valeur":"x"},"toString":"x"}') }), ...vides(champ), ...PAR_TYPE[champ.type](champ)];
}

/** Every field with every thing that is tried on it. */
export const toutesLesSaisies = (champs: readonly Champ[] = CHAMPS): (readonly [nom: string, champ: Champ, saisies: Saisie[]])[] => champs.map((champ) => [champ.nom, champ, saisiesDe(champ)]);
