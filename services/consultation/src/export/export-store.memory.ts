import { createMemoryJournal, type MemoryJournal } from '../acces/journal.memory.ts';
import type { Acte } from '../acces/journal.ts';
import type { ExportEnBail, ExportJob } from './export.ts';
import { ECRITURE_MS, type ExportStore, type LecturesExport } from './ports.ts';

type Interne = { job: ExportJob; jeton: string | null; bailFin: Date | null; prochainEssai: Date; essais: number; borne: number | null; curseur: number };
type Objet = { exportId: number; rang: number | null; lignes: number; aSupprimerLe: Date | null };

export interface MemoryExports extends ExportStore {
  readonly actes: (Acte & { exportId: number })[];
  readonly lectures: LecturesExport[];
  readonly objets: Map<string, Objet>;
}

const dans = (date: Date, ms: number): Date => new Date(date.getTime() + ms);

/** The store of exports without a database; keys go to the journal that is given. */
export function createMemoryExports({ clock, journal = createMemoryJournal({ clock }) }: { clock: () => Date; journal?: MemoryJournal }): MemoryExports {
  const jobs = new Map<number, Interne>();
  const objets = new Map<string, Objet>();
  const actes: MemoryExports['actes'] = [];
  const lectures: LecturesExport[] = [];

  const duRang = (id: number) => [...objets].filter(([, objet]) => objet.exportId === id && objet.rang !== null);
  function tenant({ id, jeton }: ExportEnBail): Interne | undefined {
    const interne = jobs.get(id);
    return interne?.jeton === jeton && interne.job.status === 'running' ? interne : undefined;
  }
  function finir(interne: Interne, maintenant: Date, fin: Partial<ExportJob>): void {
    interne.job = { ...interne.job, ...fin, completed_at: maintenant };
    interne.jeton = null;
    interne.bailFin = null;
    for (const [, objet] of duRang(interne.job.id)) objet.aSupprimerLe = maintenant;
  }

  return {
    actes, lectures, objets,
    async create(nouvel, effets) {
      const rejouee = journal.premiere(effets.idempotence);
      if (rejouee) return { rejouee };
      const enCours = [...jobs.values()].find(({ job }) => nouvel.genre === 'personnel' && job.genre === 'personnel' && job.created_by === nouvel.created_by && ['pending', 'running'].includes(job.status));
      const job: ExportJob = enCours?.job ?? {
        ...nouvel, id: jobs.size + 1, status: 'pending', progress: 0, records_total: null, records_count: 0, fichier_cle: null, fichier_taille: null, erreur_code: null,
        created_at: clock(), started_at: null, completed_at: null, expire_le: null,
      };
      if (effets.idempotence) journal.garder(effets.idempotence, effets.idempotence.ecrire(job));
      if (enCours) return { existant: job };
      jobs.set(job.id, { job, jeton: null, bailFin: null, prochainEssai: clock(), essais: 0, borne: null, curseur: 0 });
      actes.push(...effets.actes.map((acte) => ({ ...acte, exportId: job.id })));
      return { cree: job };
    },
    find: async (id) => jobs.get(id)?.job,
    async list({ genre, etablissementId, createdBy, page, pageSize }) {
      const trouves = [...jobs.values()].map(({ job }) => job).reverse()
        .filter((job) => job.genre === genre && (etablissementId ?? job.etablissement_id) === job.etablissement_id && (createdBy ?? job.created_by) === job.created_by);
      return { exports: trouves.slice((page - 1) * pageSize, page * pageSize), count: trouves.length, countExact: true };
    },
    async noter(job, faits) {
      actes.push(...faits.map((acte) => ({ ...acte, exportId: job.id })));
    },
    async lease(maintenant, bailMs) {
      const du = [...jobs.values()]
        .filter(({ job, prochainEssai, bailFin }) => ['pending', 'running'].includes(job.status) && prochainEssai <= maintenant && (bailFin === null || bailFin < maintenant))
        .sort((a, b) => a.prochainEssai.getTime() - b.prochainEssai.getTime() || a.job.id - b.job.id)[0];
      if (!du) return undefined;
      du.jeton = crypto.randomUUID();
      du.bailFin = dans(maintenant, bailMs);
      du.essais++;
      du.job = { ...du.job, status: 'running', started_at: du.job.started_at ?? maintenant };
      return { ...du.job, jeton: du.jeton, essais: du.essais, borne_id: du.borne, curseur_id: du.curseur, segments: duRang(du.job.id).length };
    },
    async renew(bail, maintenant, bailMs) {
      const interne = tenant(bail);
      if (!interne) return false;
      interne.bailFin = dans(maintenant, bailMs);
      for (const objet of objets.values()) if (objet.exportId === bail.id && objet.rang === null && objet.aSupprimerLe && objet.aSupprimerLe > maintenant) objet.aSupprimerLe = dans(maintenant, ECRITURE_MS);
      return true;
    },
    async commencer(bail, { total, borne }) {
      const interne = tenant(bail);
      if (!interne) return false;
      interne.borne = borne;
      interne.job = { ...interne.job, records_total: total };
      return true;
    },
    async annoncer(bail, cle, maintenant) {
      if (!tenant(bail)) return false;
      objets.set(cle, { exportId: bail.id, rang: null, lignes: 0, aSupprimerLe: dans(maintenant, ECRITURE_MS) });
      return true;
    },
    async garderSegment(bail, { cle, lignes, rang, curseur, progression }, lues) {
      const interne = tenant(bail);
      if (!interne) return false;
      objets.set(cle, { exportId: bail.id, rang, lignes, aSupprimerLe: null });
      interne.curseur = curseur;
      interne.essais = 0;
      interne.job = { ...interne.job, records_count: interne.job.records_count + lignes, progress: Math.max(interne.job.progress, progression) };
      if (lues) lectures.push(lues);
      return true;
    },
    listSegments: async (id) => duRang(id).sort(([, a], [, b]) => (a.rang ?? 0) - (b.rang ?? 0)).map(([cle, { lignes }]) => ({ cle, lignes })),
    async terminer(bail, maintenant, { cle, taille, lignes, expireLe }) {
      const interne = tenant(bail);
      if (!interne) return false;
      finir(interne, maintenant, { status: 'completed', progress: 100, fichier_cle: cle, fichier_taille: taille, records_count: lignes, expire_le: expireLe });
      objets.set(cle, { exportId: bail.id, rang: null, lignes: 0, aSupprimerLe: expireLe });
      return true;
    },
    async echouer(bail, maintenant, code) {
      const interne = tenant(bail);
      if (interne) finir(interne, maintenant, { status: 'failed', erreur_code: code });
      return interne !== undefined;
    },
    async reporter(bail, jusqua, { compter }) {
      const interne = tenant(bail);
      if (interne) Object.assign(interne, { jeton: null, bailFin: null, prochainEssai: jusqua, essais: Math.max(0, interne.essais - (compter ? 0 : 1)) });
    },
    async aSupprimer(maintenant, limite) {
      const dus = [...objets].filter(([, { aSupprimerLe }]) => aSupprimerLe !== null && aSupprimerLe <= maintenant);
      return dus.sort(([, a], [, b]) => (a.aSupprimerLe?.getTime() ?? 0) - (b.aSupprimerLe?.getTime() ?? 0)).slice(0, limite).map(([cle]) => cle);
    },
    async oublier(cle) {
      objets.delete(cle);
    },
  };
}
