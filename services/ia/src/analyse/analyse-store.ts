import { create } from '@bufbuild/protobuf';
import { FicheStateSchema } from '@mediai/contracts/consultation/v1/events';
import { AnalyseCompletedSchema, AnalyseFailedSchema } from '@mediai/contracts/ia/v1/events';
import { appendOutbox, onceInInbox, projectFiche, topics, type SqlExecutor } from '@mediai/events';
import type { Db } from '../database-store.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { LigneClinique } from '../voix/prompt.ts';
import type { Urgence, Vote } from '../voix/vote.ts';
import type { AnalyseEnBail, AnalyseLue, Avis, EtatAnalyse, EvenementFiche, FicheClinique, FinAnalyse } from './analyse.ts';

/** Analyses, the work that they are, and the messages that they leave. */
export type AnalyseStore = {
  /** Effect of a fiche's event, once per event: projection, conversation (not of an imported fiche), and one analysis per task. True when work came of it. */
  takeEvent: (event: EvenementFiche) => Promise<boolean>;
  /** Take up the oldest analysis that is due and held by nobody, for `bailMs`. */
  lease: (bailMs: number) => Promise<AnalyseEnBail | undefined>;
  /** Hold it longer; false when it is no longer ours. */
  renew: (bail: AnalyseEnBail, bailMs: number) => Promise<boolean>;
  /** Give it back, to be taken up again in `delaiMs`. */
  postpone: (bail: AnalyseEnBail, delaiMs: number) => Promise<void>;
  /** Keep what the voices are given, and the summary as a `user` message unless the conversation's last one says the same. */
  saveContent: (bail: AnalyseEnBail, contenu: FicheClinique, resume: string, promptVersion: string) => Promise<boolean>;
  /** Keep a voice's answer, with its message when it is valid; a second one of the same voice changes nothing. */
  saveAvis: (bail: AnalyseEnBail, avis: Avis, message: string | undefined) => Promise<boolean>;
  listAvis: (analyseId: number) => Promise<Avis[]>;
  /** State, synthesis and event in one transaction; false when it had ended or was no longer ours. */
  finish: (bail: AnalyseEnBail, fin: FinAnalyse) => Promise<boolean>;
  find: (id: number) => Promise<AnalyseLue | undefined>;
};

const INBOX = 'ia.fiche';

type LigneBail = {
  id: number; task_id: string; fiche_id: number; jeton: string; essais: number; demandee_le: Date; commencee_le: Date; traceparent: string | null;
  fiche_version: number; lignes: LigneClinique[] | null; urgence_regles: Urgence | null;
};

const LEASE = `
  UPDATE analyse_ia SET bail_jeton = gen_random_uuid(), bail_fin = now() + $1::int * interval '1 millisecond', etat = 'en_cours',
    essais = essais + 1, commencee_le = coalesce(commencee_le, now())
  WHERE id = (
    SELECT id FROM analyse_ia
    WHERE etat IN ('en_attente', 'en_cours') AND prochain_essai <= now() AND (bail_fin IS NULL OR bail_fin < now())
    ORDER BY prochain_essai, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, task_id, fiche_id, bail_jeton::text AS jeton, essais, demandee_le, commencee_le, traceparent, fiche_version, lignes, urgence_regles`;

/** SQL <-> domain, on PostgreSQL. */
export function createAnalyseStore(prisma: Db): AnalyseStore {
  return {
    takeEvent: (event) => prisma.$transaction(async (tx) => (await onceInInbox(tx, INBOX, event.eventId)) && applyEvent(tx, event)),

    async lease(bailMs) {
      const [ligne] = await prisma.sql.$queryRawUnsafe<LigneBail[]>(LEASE, bailMs);
      return ligne && toBail(ligne);
    },

    async renew({ id, jeton }, bailMs) {
      const held = await prisma.sql.$executeRawUnsafe(
        `UPDATE analyse_ia SET bail_fin = now() + $3::int * interval '1 millisecond' WHERE id = $1::int AND bail_jeton = $2::uuid AND etat = 'en_cours'`, id, jeton, bailMs);
      return held === 1;
    },

    async postpone({ id, jeton }, delaiMs) {
      await prisma.sql.$executeRawUnsafe(
        `UPDATE analyse_ia SET etat = 'en_attente', bail_jeton = NULL, bail_fin = NULL, prochain_essai = now() + $3::int * interval '1 millisecond'
         WHERE id = $1::int AND bail_jeton = $2::uuid AND etat = 'en_cours'`, id, jeton, delaiMs);
    },

    saveContent: (bail, contenu, resume, promptVersion) => prisma.$transaction(async (tx) => {
      const place = await hold(tx, bail);
      if (!place) return false;
      await tx.analyse.update({ where: { id: bail.id }, data: { fiche_version: contenu.version, lignes: contenu.lignes, urgence_regles: contenu.urgenceRegles, prompt_version: promptVersion } });
      const dernier = await tx.messageIa.findFirst({ where: { conversation_id: place.conversation_id, role: 'user' }, orderBy: { id: 'desc' }, select: { content: true } });
      if (dernier?.content !== resume) await addMessage(tx, place, bail.id, 'user', resume);
      return true;
    }),

    saveAvis: (bail, avis, message) => prisma.$transaction(async (tx) => {
      const place = await hold(tx, bail);
      if (!place) return false;
      const { count } = await tx.avisVoix.createMany({ data: [toAvisRow(bail.id, avis)], skipDuplicates: true });
      if (count === 1 && message !== undefined) await addMessage(tx, place, bail.id, avis.role, message);
      return true;
    }),

    async listAvis(analyseId) {
      const rows = await prisma.avisVoix.findMany({ where: { analyse_id: analyseId }, orderBy: { role: 'asc' } });
      return rows.map((row) => ({
        role: row.role as Avis['role'], fournisseur: row.fournisseur, modele: row.modele, simulation: row.simulation, resultat: row.resultat, tentatives: row.tentatives,
        dureeMs: row.duree_ms, jetonsEntree: row.jetons_entree, jetonsSortie: row.jetons_sortie, vote: (row.vote ?? undefined) as Vote | undefined,
      }));
    },

    finish: (bail, fin) => prisma.$transaction(async (tx) => {
      const place = await hold(tx, bail);
      if (!place) return false;
      const row = await tx.analyse.update({ where: { id: bail.id }, data: { ...toEndRow(fin), bail_jeton: null, bail_fin: null, finie_le: new Date() } });
      if (fin.etat === 'terminee') await addMessage(tx, place, bail.id, 'synthese', fin.synthese);
      await appendOutbox(tx, [toEvent({ analyseId: row.id, ficheId: row.fiche_id, ficheVersion: row.fiche_version, taskId: row.task_id }, fin)]);
      return true;
    }),

    async find(id) {
      const row = await prisma.analyse.findUnique({ where: { id }, include: { messages: { where: { role: 'synthese' }, select: { content: true } } } });
      if (!row) return undefined;
      return {
        id: row.id, ficheId: row.fiche_id, ficheVersion: row.fiche_version, taskId: row.task_id, etat: row.etat as EtatAnalyse, synthese: row.messages[0]?.content,
        urgenceIa: row.urgence_ia ?? undefined, echecCode: row.echec_code ?? undefined, simulation: row.simulation,
      };
    },
  };
}

type Tx = Prisma.TransactionClient;
type Place = { conversation_id: number; etablissement_id: number };

async function applyEvent(tx: Tx, { fiche, taskId, traceparent, importee = false }: EvenementFiche): Promise<boolean> {
  await projectFiche(tx, create(FicheStateSchema, fiche));
  // From the projection, not from the event: an older event must not bring an older owner back.
  await tx.$executeRawUnsafe(
    `INSERT INTO conversation AS present (fiche_id, user_id, etablissement_id)
     SELECT id, user_id, etablissement_id FROM fiche_projection f WHERE id = $1::int AND (NOT $2::bool OR EXISTS (SELECT FROM conversation WHERE fiche_id = f.id))
     ON CONFLICT (fiche_id) DO UPDATE SET user_id = excluded.user_id, etablissement_id = excluded.etablissement_id, version = present.version + 1
     WHERE (present.user_id, present.etablissement_id) IS DISTINCT FROM (excluded.user_id, excluded.etablissement_id)`, fiche.id, importee);
  if (!taskId || fiche.deleted) return false;
  const added = await tx.$executeRawUnsafe(
    `INSERT INTO analyse_ia (task_id, conversation_id, fiche_id, etablissement_id, fiche_version, traceparent)
     SELECT $2, id, fiche_id, etablissement_id, $3::int, $4 FROM conversation WHERE fiche_id = $1::int
     ON CONFLICT (task_id) DO NOTHING`, fiche.id, taskId, fiche.version, traceparent ?? null);
  return added === 1;
}

/** Lock the row for as long as the transaction takes, if the lease is still ours. */
async function hold(tx: Tx, { id, jeton }: AnalyseEnBail): Promise<Place | undefined> {
  const [place] = await (tx as SqlExecutor).$queryRawUnsafe<Place[]>(
    `SELECT conversation_id, etablissement_id FROM analyse_ia WHERE id = $1::int AND bail_jeton = $2::uuid AND etat = 'en_cours' FOR UPDATE`, id, jeton);
  return place;
}

async function addMessage(tx: Tx, place: Place, analyseId: number, role: string, content: string): Promise<void> {
  await tx.messageIa.createMany({ data: [{ ...place, analyse_id: analyseId, role, content }], skipDuplicates: true });
  await tx.conversation.update({ where: { id: place.conversation_id }, data: { updated_at: new Date() } });
}

function toBail(ligne: LigneBail): AnalyseEnBail {
  const { lignes, urgence_regles: urgenceRegles } = ligne;
  return {
    id: ligne.id, taskId: ligne.task_id, ficheId: ligne.fiche_id, jeton: ligne.jeton, essais: ligne.essais, demandeeLe: ligne.demandee_le, commenceeLe: ligne.commencee_le,
    traceparent: ligne.traceparent ?? undefined, contenu: lignes && urgenceRegles ? { version: ligne.fiche_version, lignes, urgenceRegles } : undefined,
  };
}

function toAvisRow(analyseId: number, avis: Avis): Prisma.AvisVoixCreateManyInput {
  return {
    analyse_id: analyseId, role: avis.role, fournisseur: avis.fournisseur, modele: avis.modele, simulation: avis.simulation, resultat: avis.resultat, tentatives: avis.tentatives,
    duree_ms: avis.dureeMs, jetons_entree: avis.jetonsEntree, jetons_sortie: avis.jetonsSortie, vote: avis.vote ?? Prisma.DbNull,
  };
}

function toEndRow(fin: FinAnalyse): Prisma.AnalyseUpdateInput {
  const commun = { etat: fin.etat, voix_demandees: fin.voixDemandees, simulation: fin.simulation };
  if (fin.etat === 'echouee') return { ...commun, echec_code: fin.code };
  return {
    ...commun, voix_valides: fin.voixValides, urgence_ia: fin.urgenceIa ?? null, relecture_prioritaire: fin.relecturePrioritaire,
    synthese_par: fin.synthesePar ?? null, fusion: fin.fusion as unknown as Prisma.InputJsonObject,
  };
}

function toEvent(ids: { analyseId: number; ficheId: number; ficheVersion: number; taskId: string }, fin: FinAnalyse) {
  const envelope = { topic: topics.analyse.name, key: ids.ficheId };
  if (fin.etat === 'echouee') return { ...envelope, schema: AnalyseFailedSchema, message: create(AnalyseFailedSchema, { ...ids, code: fin.code }) };
  return { ...envelope, schema: AnalyseCompletedSchema, message: create(AnalyseCompletedSchema, { ...ids, voixValides: fin.voixValides, voixDemandees: fin.voixDemandees }) };
}
