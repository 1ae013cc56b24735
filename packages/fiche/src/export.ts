import type { Champ, PlaceExport } from './champ.ts';
import { CHAMPS_SYSTEME, type ChampSysteme } from './champs-systeme.ts';
import { CHAMPS } from './champs.ts';
import { masquerTexte } from './pseudonymiser.ts';

export type TypeExport = 'string' | 'int' | 'float' | 'bool' | 'date' | 'timestamp';
/** One exported value; a date is `YYYY-MM-DD`, a timestamp a Date. */
export type ValeurExport = string | number | boolean | Date | null;

/** What is selected from `fiche_consultation` for a column: a SQL expression and the name under which the row holds it. */
export interface SourceExport {
  readonly nom: string;
  readonly sql: string;
}

export interface ColonneExport {
  readonly nom: string;
  readonly type: TypeExport;
  readonly sources: readonly SourceExport[];
  /** The value of a row that holds the sources under their names; days may be Dates at midnight UTC or text. */
  readonly lire: (ligne: Readonly<Record<string, unknown>>) => ValeurExport;
}

type Exporte = { readonly nom: string; readonly type: TypeExport; readonly export: PlaceExport; readonly texteLibre: boolean };

const TYPES: Record<Champ['type'], TypeExport> = { texte: 'string', choix: 'string', date: 'date', booleen: 'bool', entier: 'int', decimal: 'float' };
const IDENTITE = ['nom', 'postnom', 'prenom', 'contact_nom', 'date_naissance'] as const;
const sourceDe = (nom: string): SourceExport => ({ nom, sql: `"${nom}"` });

/**
 * The columns of an export of fiches, in order, from the `export` attribute of the tables' lines.
 *
 * Without personal data no column identifies a person: names, phones, e-mail addresses and the birth date that were typed
 * into a free text are hidden there as they are from a model.
 * @param options.personnelles true: also the columns that identify a person
 * @param champs the table of fields
 */
export function colonnesExport({ personnelles }: { personnelles: boolean }, champs: readonly Champ[] = CHAMPS): ColonneExport[] {
  const places = [...champs.flatMap(duClient), ...(CHAMPS_SYSTEME as readonly ChampSysteme[]).flatMap(duSysteme)].filter((champ) => personnelles || !champ.export.personnelle);
  const parColonne = Map.groupBy(places.toSorted((a, b) => a.export.rang - b.export.rang), (champ) => champ.export.colonne ?? champ.nom);
  return [...parColonne].map(([nom, siens]) => colonne(nom, siens, personnelles));
}

const duClient = (champ: Champ): Exporte[] => (champ.export ? [{ nom: champ.nom, type: TYPES[champ.type], export: champ.export, texteLibre: champ.type === 'texte' && !champ.identite && !champ.unite }] : []);

function duSysteme({ nom, colonne: sql, export: place }: ChampSysteme): Exporte[] {
  if (!place || sql === null) return [];
  const type = sql.startsWith('Int') ? 'int' : sql.includes('@db.Date') ? 'date' : sql.startsWith('DateTime') ? 'timestamp' : 'string';
  return [{ nom, type, export: place, texteLibre: false }];
}

function colonne(nom: string, siens: readonly Exporte[], personnelles: boolean): ColonneExport {
  const [champ] = siens;
  if (!champ) throw new Error(`no field fills ${nom}`);
  if (champ.export.presence) return { nom, type: 'bool', sources: [{ nom, sql: `coalesce("${champ.nom}", '') <> ''` }], lire: (ligne) => ligne[nom] === true };
  if (siens.length > 1) return { nom, type: 'string', sources: siens.map((un) => sourceDe(un.nom)), lire: (ligne) => siens.map((un) => texteDe(ligne[un.nom])).filter(Boolean).join(', ') || null };
  if (champ.texteLibre && !personnelles) return { nom, type: champ.type, sources: [champ.nom, ...IDENTITE].map(sourceDe), lire: (ligne) => masque(ligne, champ.nom) };
  return { nom, type: champ.type, sources: [sourceDe(champ.nom)], lire: (ligne) => valeurDe(champ.type, ligne[champ.nom]) };
}

const texteDe = (valeur: unknown): string => (typeof valeur === 'string' ? valeur.trim() : '');
const jourDe = (valeur: unknown): string => (valeur instanceof Date ? valeur.toISOString() : String(valeur)).slice(0, 10);

function valeurDe(type: TypeExport, valeur: unknown): ValeurExport {
  if (valeur === null || valeur === undefined) return null;
  return type === 'date' ? jourDe(valeur) : (valeur as ValeurExport);
}

function masque(ligne: Readonly<Record<string, unknown>>, nom: string): string | null {
  const texte = ligne[nom];
  if (typeof texte !== 'string') return null;
  const [naissance, ...noms] = IDENTITE.toReversed().map((un) => ligne[un] ?? null);
  return masquerTexte(texte, noms.filter((un) => typeof un === 'string'), naissance === null ? null : jourDe(naissance));
}
