import type { Acteur } from '@mediai/kit/acteur';
import { notFound, type AppError } from '@mediai/kit/errors';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { exigerGeste, type Geste } from '../acces/gestes.ts';
import type { DepotFichiers } from '../fichier/ports.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';
import { actesDe } from './create-export.ts';
import { estDisponible, type ExportJob, type GenreExport } from './export.ts';
import { FORMATS } from './format/formats.ts';
import type { ExportStore } from './ports.ts';
import { nomFichier, vueExport, type VueExport } from './vue-export.ts';

export interface FichierExport {
  readonly nom: string;
  readonly typeMime: string;
  readonly taille: number | undefined;
  readonly octets: AsyncIterable<Uint8Array>;
}

type Needs = { exports: Pick<ExportStore, 'find' | 'list' | 'noter'>; annuaire: Pick<Annuaire, 'nommer'>; depot: Pick<DepotFichiers, 'lire'>; clock: Horloge };
/** Whose exports are meant, and what each act on them is called. */
type Portee = { genre: GenreExport; actes: { lister: Geste; lire: Geste; telecharger: Geste } };

const introuvable = (): AppError => notFound('export.introuvable', 'Export introuvable.');

/** Exports of fiches, for the admins of their établissement. */
export const DES_FICHES: Portee = { genre: 'fiches', actes: { lister: 'export.lister', lire: 'export.lire', telecharger: 'export.telecharger' } };
/** Exports of a person's own data, for that person alone. */
export const PERSONNELS: Portee = { genre: 'personnel', actes: { lister: 'mes_donnees.lister', lire: 'mes_donnees.lire', telecharger: 'mes_donnees.telecharger' } };

/**
 * Reading exports: a page, one, its file.
 * @throws AppError forbidden by role, not_found for what is not theirs, `export.pas_pret` or `export.expire` for a file that is not there (any more)
 */
export function createReadExports({ exports, annuaire, depot, clock }: Needs, { genre, actes }: Portee) {
  const estSien = (acteur: Acteur, job: ExportJob): boolean => job.genre === genre && (genre === 'fiches' ? job.etablissement_id === acteur.etablissementId : job.created_by === acteur.id);

  async function trouver(acteur: Acteur, geste: Geste, id: number): Promise<ExportJob> {
    exigerGeste(acteur, geste);
    const job = await exports.find(id);
    if (job && estSien(acteur, job)) return job;
    if (job) await exports.noter(job, [{ acteur, action: geste, issue: 'refus' }]);
    throw introuvable();
  }

  return {
    async list(acteur: Acteur, page: Page): Promise<{ vues: VueExport[] } & Compte> {
      exigerGeste(acteur, actes.lister);
      const { exports: jobs, ...compte } = await exports.list({ genre, ...(genre === 'fiches' ? { etablissementId: acteur.etablissementId } : { createdBy: acteur.id }), ...lirePage(page) });
      const noms = await annuaire.nommer([...new Set(jobs.map(({ created_by: id }) => id))]);
      return { vues: jobs.map((job) => vueExport(job, noms)), ...compte };
    },
    async get(acteur: Acteur, id: number): Promise<VueExport> {
      const job = await trouver(acteur, actes.lire, id);
      return vueExport(job, await annuaire.nommer([job.created_by]));
    },
    /** Audited before the first byte. */
    async download(acteur: Acteur, id: number): Promise<FichierExport> {
      const job = await trouver(acteur, actes.telecharger, id);
      if (job.status !== 'completed' || job.fichier_cle === null) throw notFound('export.pas_pret', "Le fichier de cet export n'est pas encore là.");
      if (!estDisponible(job, clock())) throw expire();
      const octets = await depot.lire(job.fichier_cle).catch((error: unknown) => {
        throw (error as { kind?: string }).kind === 'not_found' ? expire() : error;
      });
      await exports.noter(job, actesDe(acteur, actes.telecharger, { include_personal_data: genre === 'fiches' && job.include_personal_data }));
      return { nom: nomFichier(job), typeMime: FORMATS[job.export_format].typeMime, taille: job.fichier_taille ?? undefined, octets };
    },
  };
}

export type ReadExports = ReturnType<typeof createReadExports>;

const expire = (): AppError => notFound('export.expire', "Le fichier de cet export n'est plus disponible : il est gardé sept jours. Redemandez l'export.");
