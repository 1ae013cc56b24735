import { formes, isIdInBounds, passeOf, tables, type Contexte, type Jugement, type Ligne, type Reprise, type ServiceImport, type Source } from '@mediai/import-django';
import type { AppointmentImportStore } from './import-store.ts';
import { createOverlaps, judgeAppointments, slotOf, type ImportedAppointment } from './judge-appointments.ts';

const appointmentsByTransaction = 500;
const columns = Object.keys(formes.appointments.colonnes).map((name) => `"${name}"`).join(', ');

/** The tables that this import reads: users and fiches to know who and what is there. */
export const appointmentFormes = [formes.appointments, formes.users, formes.fiches];

/** Appointments' part of an import. */
export function createImportAppointments(store: AppointmentImportStore, etablissementId: number): ServiceImport {
  return {
    sequences: [{ sequence: 'appointment_id_seq', table: tables.appointments }],
    advance: store.advance,
    audit: store.audit(etablissementId),
    close: store.close,
    passes: async (contexte) => [passeOf(await appointments(store, contexte, etablissementId))],
  };
}

async function appointments(store: AppointmentImportStore, contexte: Contexte, etablissementId: number): Promise<Reprise<ImportedAppointment>> {
  const now = new Date();
  const overlapping = await findOverlaps(contexte, now);
  return {
    forme: formes.appointments,
    taille: appointmentsByTransaction,
    cible: { etat: store.etat, ecrire: (nouveaux) => store.write(nouveaux, etablissementId) },
    async juger(lignes, { reprises }) {
      const jugements = await judge(contexte, lignes, now);
      const occupied = await store.occupied(jugements.flatMap(({ id, nouvelle }) => (nouvelle && !reprises.has(id) ? (slotOf(nouvelle) ?? []) : [])));
      return jugements.map((jugement) => {
        if (reprises.has(jugement.id)) return jugement;
        if (overlapping.has(jugement.id)) return refuse(jugement, 'chevauche un autre rendez-vous confirmé du même médecin');
        return occupied.has(jugement.id) ? refuse(jugement, 'chevauche un rendez-vous que ce médecin a confirmé ici') : jugement;
      });
    },
  };
}

function refuse({ id, ecarts }: Jugement<ImportedAppointment>, raison: string): Jugement<ImportedAppointment> {
  return { id, nouvelle: null, ecarts: [...ecarts, { table: tables.appointments, id, colonne: 'confirmed_start', raison, effet: 'ligne' }] };
}

async function judge({ source, estRejete }: Contexte, lignes: Ligne[], now: Date): Promise<Jugement<ImportedAppointment>[]> {
  const users = await source.present(tables.users, lignes.flatMap(({ patient_id, medecin_id }) => [patient_id, medecin_id]));
  const fiches = await source.present(tables.fiches, lignes.map(({ fiche_id }) => fiche_id));
  return judgeAppointments(lignes, { user: (id) => users.has(id) && !estRejete(tables.users, id), fiche: (id) => fiches.has(id) && !estRejete(tables.fiches, id) }, now);
}

/** Goes once through all that could be taken over of what is confirmed, médecin by médecin: the overlaps are known before anything is written. */
async function findOverlaps(contexte: Contexte, now: Date): Promise<ReadonlySet<number>> {
  const { overlapping, show } = createOverlaps();
  for await (const lignes of confirmed(contexte.source)) {
    const jugements = await judge(contexte, lignes.filter(({ id }) => isIdInBounds(id)), now);
    for (const { nouvelle } of jugements) {
      const slot = nouvelle && slotOf(nouvelle);
      if (slot) show(slot);
    }
  }
  return overlapping;
}

async function* confirmed(source: Source): AsyncGenerator<Ligne[]> {
  let after: unknown[] = ['-9223372036854775808', '-infinity', '-9223372036854775808'];
  for (;;) {
    const lignes = await source.query(
      `SELECT ${columns} FROM ${tables.appointments} WHERE status = 'confirmed' AND (medecin_id, confirmed_start, id) > ($1::int8, $2::timestamptz, $3::int8)
       ORDER BY medecin_id, confirmed_start, id LIMIT ${appointmentsByTransaction}`, after);
    if (lignes.length === 0) return;
    yield lignes;
    const last = lignes.at(-1);
    after = [last?.['medecin_id'], last?.['confirmed_start'], last?.['id']];
  }
}
