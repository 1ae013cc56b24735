/** A JSON Schema as the SDKs send it (draft 7, 2020-12, or Google's OpenAPI flavour with upper-case types). */
export type Schema = Record<string, unknown>;

interface Walk {
  readonly racine: Schema;
  /** Values by property name for objects that no better candidate describes. */
  readonly fonds: Record<string, unknown>;
}

const PROFONDEUR_MAX = 12;
const TEXTE = 'SIMULATION — texte produit par un bac à sable';
const FORMATS: Record<string, string> = {
  date: '2026-01-15', 'date-time': '2026-01-15T08:30:00Z', time: '08:30:00Z', duration: 'P1D', email: 'simulation@example.org',
  uri: 'https://example.org/simulation', uuid: '5f0c6a3e-8d3b-4c7e-9a51-3d1c2b4a5e6f', hostname: 'example.org', ipv4: '192.0.2.1', ipv6: '2001:db8::1',
};
const ESSAIS = ['A00', 'A00.0', 'R69', '2026-01-15', '08:30', 'simulation', 'SIMULATION', 'Simulation', 'a', 'A', '0', '1', '10', '12345', '+243810000000', 'fr', 'oui'];

/**
 * Build a value that satisfies a JSON Schema, taking what fits from a candidate answer.
 *
 * Every declared property is filled, optional ones too. Bounds are honoured, also where an SDK moved them into the
 * description (`{minimum: 0, maximum: 1}`, as Anthropic's zodOutputFormat does).
 *
 * @param schema what the caller asked for
 * @param candidat values by property name
 */
export function fillSchema(schema: Schema, candidat: Record<string, unknown>): unknown {
  return fill(schema, candidat, { racine: schema, fonds: candidat }, 0);
}

function fill(brut: unknown, candidat: unknown, walk: Walk, profondeur: number): unknown {
  const schema = resolve(brut, walk.racine, 0);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return pick(schema['enum'], candidat);
  const variantes = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (variantes) return fill(choose(variantes, candidat, walk, profondeur), candidat, walk, profondeur + 1);
  switch (typeOf(schema, candidat)) {
    case 'object': return fillObject(schema, candidat, walk, profondeur);
    case 'array': return fillArray(schema, candidat, walk, profondeur);
    case 'integer': return bound(schema, candidat, true);
    case 'number': return bound(schema, candidat, false);
    case 'boolean': return candidat === true;
    case 'null': return null;
    default: return fillString(schema, candidat);
  }
}

/** Follow `$ref`, merge `allOf`, and read bounds out of the description. */
function resolve(brut: unknown, racine: Schema, sauts: number): Schema {
  if (typeof brut !== 'object' || brut === null) return {};
  let schema = brut as Schema;
  if (typeof schema['$ref'] === 'string' && sauts < PROFONDEUR_MAX) {
    const cible = schema['$ref'].replace(/^#\/?/u, '').split('/').filter(Boolean)
      .reduce<unknown>((noeud, cle) => (noeud as Schema | undefined)?.[decodeURIComponent(cle).replaceAll('~1', '/').replaceAll('~0', '~')], racine);
    schema = { ...resolve(cible, racine, sauts + 1), ...schema };
  }
  for (const partie of (schema['allOf'] as unknown[] | undefined) ?? []) {
    const { properties, required, ...reste } = resolve(partie, racine, sauts + 1);
    schema = { ...schema, ...reste, properties: { ...(schema['properties'] as object), ...(properties as object) }, required: [...((schema['required'] as string[] | undefined) ?? []), ...((required as string[] | undefined) ?? [])] };
  }
  return { ...describedBounds(schema['description']), ...schema };
}

function describedBounds(description: unknown): Schema {
  if (typeof description !== 'string') return {};
  const bornes: Schema = {};
  for (const [, cle, nombre, texte] of description.matchAll(/\b(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|minLength|maxLength|minItems|maxItems|pattern|format): (?:(-?[\d.]+(?:e[+-]?\d+)?)|("(?:[^"\\]|\\.)*"))/gu)) {
    if (cle) bornes[cle] = nombre === undefined ? JSON.parse(texte ?? '""') : Number(nombre);
  }
  return bornes;
}

function typeOf(schema: Schema, candidat: unknown): string {
  const types = (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]).filter((t) => typeof t === 'string').map((t) => t.toLowerCase());
  if (types.length > 1) return types.find((t) => t === naturalType(candidat)) ?? types.find((t) => t !== 'null') ?? 'null';
  if (types[0]) return types[0];
  if (schema['properties']) return 'object';
  return schema['items'] || schema['prefixItems'] ? 'array' : 'string';
}

const naturalType = (valeur: unknown): string => (valeur === null ? 'null' : Array.isArray(valeur) ? 'array' : typeof valeur);

function pick(valeurs: readonly unknown[], candidat: unknown): unknown {
  const plie = (v: unknown): string => String(v).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return valeurs.includes(candidat) ? candidat : (valeurs.find((v) => plie(v) === plie(candidat)) ?? valeurs.find((v) => v !== null) ?? null);
}

function choose(variantes: readonly Schema[], candidat: unknown, walk: Walk, profondeur: number): Schema {
  const lues = variantes.map((v) => resolve(v, walk.racine, 0));
  const nulle = lues.find((v) => v['type'] === 'null');
  if (nulle && (candidat === null || profondeur >= PROFONDEUR_MAX)) return nulle;
  const pleines = lues.filter((v) => v !== nulle);
  return pleines.find((v) => candidat !== undefined && typeOf(v, candidat) === naturalType(candidat)) ?? pleines[0] ?? {};
}

function fillObject(schema: Schema, candidat: unknown, walk: Walk, profondeur: number): Record<string, unknown> {
  const source = isRecord(candidat) ? candidat : walk.fonds;
  const obligatoires = new Set((schema['required'] as string[] | undefined) ?? []);
  const objet: Record<string, unknown> = {};
  for (const [nom, sous] of Object.entries((schema['properties'] as Record<string, unknown> | undefined) ?? {})) {
    if (profondeur >= PROFONDEUR_MAX && !obligatoires.has(nom)) continue;
    objet[nom] = fill(sous, source[nom] ?? source[snake(nom)], walk, profondeur + 1);
  }
  return objet;
}

function fillArray(schema: Schema, candidat: unknown, walk: Walk, profondeur: number): unknown[] {
  const minimum = Number(schema['minItems'] ?? 0);
  const maximum = Number(schema['maxItems'] ?? Number.POSITIVE_INFINITY);
  const fixes = (schema['prefixItems'] as unknown[] | undefined) ?? [];
  const propres = Array.isArray(candidat) ? candidat : typeof candidat === 'string' ? [candidat] : profondeur < PROFONDEUR_MAX - 4 && candidat === undefined ? [undefined] : [];
  const voulu = Math.max(minimum, Math.min(maximum, Math.max(propres.length, fixes.length)));
  const elements: unknown[] = [];
  for (let i = 0; i < voulu; i += 1) {
    const modele = fixes[i] ?? schema['items'];
    const element = fill(modele, propres[i], walk, profondeur + 1);
    elements.push(schema['uniqueItems'] === true && typeof element === 'string' && elements.includes(element) ? `${element} ${i + 1}` : element);
  }
  return elements;
}

function bound(schema: Schema, candidat: unknown, entier: boolean): number {
  const pas = Number(schema['multipleOf'] ?? (entier ? 1 : 0));
  const marge = pas || 0.001;
  const minimum = Number(schema['minimum'] ?? (typeof schema['exclusiveMinimum'] === 'number' ? schema['exclusiveMinimum'] + marge : Number.NEGATIVE_INFINITY));
  const maximum = Number(schema['maximum'] ?? (typeof schema['exclusiveMaximum'] === 'number' ? schema['exclusiveMaximum'] - marge : Number.POSITIVE_INFINITY));
  let valeur = typeof candidat === 'number' ? candidat : Number.isFinite(minimum) ? minimum : 0;
  if (maximum === 100 && valeur > 0 && valeur < 1) valeur *= 100;
  if (entier) valeur = Math.round(valeur);
  valeur = Math.min(maximum, Math.max(minimum, valeur));
  if (!pas) return valeur;
  const arrondie = Number((Math.round(valeur / pas) * pas).toFixed(10));
  return arrondie < minimum ? Number((Math.ceil(minimum / pas) * pas).toFixed(10)) : arrondie > maximum ? Number((Math.floor(maximum / pas) * pas).toFixed(10)) : arrondie;
}

function fillString(schema: Schema, candidat: unknown): string {
  const voulu = toText(candidat);
  const format = FORMATS[String(schema['format'] ?? '')];
  if (format) return format;
  if (typeof schema['pattern'] === 'string') {
    const motif = new RegExp(schema['pattern'], 'u');
    return [voulu, ...ESSAIS].find((t) => motif.test(t) && t.length >= Number(schema['minLength'] ?? 0)) ?? voulu;
  }
  const texte = voulu.padEnd(Number(schema['minLength'] ?? 0), '.');
  return texte.slice(0, Number(schema['maxLength'] ?? texte.length));
}

function toText(candidat: unknown): string {
  if (candidat === undefined || candidat === null) return TEXTE;
  if (Array.isArray(candidat)) return candidat.map(toText).join(' ; ');
  return isRecord(candidat) ? Object.values(candidat).map(toText).join(', ') : String(candidat);
}

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
const snake = (nom: string): string => nom.replace(/([a-z\d])([A-Z])/gu, '$1_$2').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
