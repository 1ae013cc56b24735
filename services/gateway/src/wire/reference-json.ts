import type { FicheReference } from '@mediai/contracts/consultation/v1/dossier_service';
import { toIso } from './instant.ts';

const SOURCES: Record<string, string> = { pubmed: 'PubMed', cinahl: 'CINAHL', has: 'HAS (Haute Autorité de Santé)', cochrane: 'Cochrane', other: 'Autre' };

/** A reference as JSON under the contract's names. */
export const referenceJson = ({ id, fiche, title, url, source, authors, year, journal, createdAt }: FicheReference) => ({
  id,
  fiche,
  title,
  url: url ?? null,
  source,
  source_display: SOURCES[source] ?? source,
  authors: authors ?? null,
  year: year ?? null,
  journal: journal ?? null,
  created_at: toIso(createdAt),
});

/** What a client may write of a reference. */
export interface ReferenceBody {
  readonly fiche?: number;
  readonly title?: string | null;
  readonly url?: string | null;
  readonly source?: string | null;
  readonly authors?: string | null;
  readonly year?: number | null;
  readonly journal?: string | null;
}

/** A reference as it was written: null empties. */
export const readReference = ({ title, url, source, authors, year, journal }: ReferenceBody) => ({
  title: title === null ? '' : title,
  url: url === null ? '' : url,
  source: source === null ? '' : source,
  authors: authors === null ? '' : authors,
  year: year === null ? 0 : year,
  journal: journal === null ? '' : journal,
});

const text = (maxLength: number, more: object = {}) => ({ type: ['string', 'null'], maxLength, ...more });

/** What may be written, for the schemas of routes. */
export const referenceProperties = {
  title: text(255),
  url: text(2000, { description: 'http:// ou https://' }),
  source: { type: ['string', 'null'], enum: [...Object.keys(SOURCES), '', null] },
  authors: text(500),
  year: { type: ['integer', 'null'], minimum: 1, maximum: 9999, description: "De 1800 à l'année prochaine." },
  journal: text(255),
};

export const referenceExample = { title: "Prise en charge du paludisme grave de l'adulte", url: 'https://pubmed.ncbi.nlm.nih.gov/33301700/', source: 'pubmed', authors: 'Kabongo J., Ilunga P.', year: 2021, journal: 'Médecine tropicale' };

/** Schema of a reference as answered. */
export const referenceSchema = {
  $id: 'FicheReference',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    fiche: { type: 'integer' },
    title: { type: 'string' },
    url: { type: ['string', 'null'] },
    source: { type: 'string', enum: Object.keys(SOURCES) },
    source_display: { type: 'string' },
    authors: { type: ['string', 'null'] },
    year: { type: ['integer', 'null'] },
    journal: { type: ['string', 'null'] },
    created_at: { type: ['string', 'null'], format: 'date-time' },
  },
} as const;
