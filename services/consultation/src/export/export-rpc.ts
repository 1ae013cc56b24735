import { create, fromBinary, toBinary, type DescMessage, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { CreateExportPersonnelResponseSchema, CreateExportResponseSchema, ExportService, type ExportFiltres, type ExportJobSchema } from '@mediai/contracts/consultation/v1/export_service';
import type { Acteur } from '@mediai/kit/acteur';
import { acteurOf, type CallContext, type Handlers } from '@mediai/kit/grpc';
import type { createCreateExportPersonnel } from '../personne/create-export-personnel.ts';
import type { CleExport, createCreateExport, ReponseExport } from './create-export.ts';
import { ERREURS } from './export.ts';
import type { FichierExport, ReadExports } from './read-exports.ts';
import type { VueExport } from './vue-export.ts';

export type ExportUseCases = {
  createExport: ReturnType<typeof createCreateExport>;
  readExports: ReadExports;
  createExportPersonnel: ReturnType<typeof createCreateExportPersonnel>;
  readExportsPersonnels: ReadExports;
};

const MORCEAU_OCTETS = 65_536;
const instant = (date: Date | null) => (date === null ? undefined : timestampFromDate(date));

/** A view of an export as a message. */
function versMessage({ job, createdByName, fichier }: VueExport): MessageInitShape<typeof ExportJobSchema> {
  const { status, age_min: ageMin, age_max: ageMax, sexe } = job.filters;
  return {
    id: job.id, createdBy: job.created_by, createdByName, exportFormat: job.export_format, dateStart: job.date_start ?? undefined, dateEnd: job.date_end ?? undefined,
    includePersonalData: job.include_personal_data, filtres: job.genre === 'fiches' ? { status: [...status], ageMin: ageMin ?? undefined, ageMax: ageMax ?? undefined, sexe: sexe ?? undefined } : undefined,
    status: job.status, progress: job.progress, fichier: fichier ?? undefined, fileSize: job.fichier_taille === null ? undefined : BigInt(job.fichier_taille),
    recordsCount: job.status === 'pending' ? undefined : job.records_count, recordsTotal: job.records_total ?? undefined, errorMessage: job.erreur_code === null ? undefined : ERREURS[job.erreur_code],
    startedAt: instant(job.started_at), completedAt: instant(job.completed_at), createdAt: timestampFromDate(job.created_at), expiresAt: instant(job.expire_le),
  };
}

const saisieFiltres = (filtres: ExportFiltres | undefined) => ({ status: filtres?.status ?? [], age_min: filtres?.ageMin, age_max: filtres?.ageMax, sexe: filtres?.sexe });

/** The Idempotency-Key of a creation; undefined without one. */
function cleDe(route: string, entree: DescMessage, sortie: DescMessage, request: Message, { idempotencyKey: cle }: CallContext): CleExport | undefined {
  if (cle === undefined) return undefined;
  return { route, cle, corps: toBinary(entree, request), ecrire: (vue) => toBinary(sortie, create(sortie, { export: versMessage(vue) } as MessageInitShape<typeof sortie>)) };
}

const enReponse = <S extends DescMessage>(schema: S, reponse: ReponseExport) =>
  ('vue' in reponse ? { export: versMessage(reponse.vue) } : { ...fromBinary(schema, reponse.rejouee), replayed: true }) as MessageInitShape<S>;

/** A file as messages: the header, then its bytes in pieces. */
async function* enMessages({ nom, typeMime, taille, octets }: FichierExport) {
  yield { contenu: { case: 'entete' as const, value: { nom, typeMime, taille: taille === undefined ? undefined : BigInt(taille) } } };
  for await (const morceau of octets) {
    for (let i = 0; i < morceau.length; i += MORCEAU_OCTETS) yield { contenu: { case: 'octets' as const, value: morceau.subarray(i, i + MORCEAU_OCTETS) } };
  }
}

async function* telecharger(read: ReadExports, acteur: Acteur, id: number) {
  yield* enMessages(await read.download(acteur, id));
}

/** Messages <-> use cases about exports. */
export function createExportRpc(cas: ExportUseCases) {
  const page = async (read: ReadExports, request: { page: number; pageSize: number }, ctx: CallContext) => {
    const { vues, count, countExact } = await read.list(acteurOf(ctx), request);
    return { exports: vues.map(versMessage), count, countExact };
  };
  const un = async (read: ReadExports, { id }: { id: number }, ctx: CallContext) => ({ export: versMessage(await read.get(acteurOf(ctx), id)) });
  return {
    createExport: async (request, ctx) => {
      const { exportFormat, dateStart, dateEnd, includePersonalData, filtres } = request;
      const { input, output } = ExportService.method.createExport;
      const reponse = await cas.createExport({
        acteur: acteurOf(ctx),
        saisie: { export_format: exportFormat, date_start: dateStart, date_end: dateEnd, include_personal_data: includePersonalData, filters: saisieFiltres(filtres) },
        idempotence: cleDe('CreateExport', input, output, request, ctx),
      });
      return enReponse(CreateExportResponseSchema, reponse);
    },
    listExports: (request, ctx) => page(cas.readExports, request, ctx),
    getExport: (request, ctx) => un(cas.readExports, request, ctx),
    downloadExport: ({ id }, ctx) => telecharger(cas.readExports, acteurOf(ctx), id),
    createExportPersonnel: async (request, ctx) => {
      const { input, output } = ExportService.method.createExportPersonnel;
      const { existant, ...reponse } = await cas.createExportPersonnel({ acteur: acteurOf(ctx), idempotence: cleDe('CreateExportPersonnel', input, output, request, ctx) });
      return { ...enReponse(CreateExportPersonnelResponseSchema, reponse), existant };
    },
    listExportsPersonnels: (request, ctx) => page(cas.readExportsPersonnels, request, ctx),
    getExportPersonnel: (request, ctx) => un(cas.readExportsPersonnels, request, ctx),
    downloadExportPersonnel: ({ id }, ctx) => telecharger(cas.readExportsPersonnels, acteurOf(ctx), id),
  } satisfies Handlers<typeof ExportService>;
}
