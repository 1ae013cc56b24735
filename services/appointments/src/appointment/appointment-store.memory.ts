import { AppError } from '@mediai/kit/errors';
import type { Appointment } from './appointment.ts';
import { enCompte, rangDe } from '@mediai/kit/page';
import { actionMotif, actionPage, type Acte, type AppointmentStore, type EvenementAppointment, type FiltreAppointments, type Idempotence } from './ports.ts';

export type MemoryAppointments = AppointmentStore & {
  rows: Map<number, Appointment>;
  /** What was audited, in order. */
  actes: (Acte & { appointmentId: number })[];
  /** What was told to other services, in order. */
  told: (EvenementAppointment & { appointment: Appointment })[];
};

type Answer = { corps: string; reponse: Uint8Array };

/** The appointment store without a database; usernames are looked up in `usernames`. */
export function createMemoryAppointments(usernames = new Map<number, string>(), clock = () => new Date()): MemoryAppointments {
  const rows = new Map<number, Appointment>();
  const actes: MemoryAppointments['actes'] = [];
  const told: MemoryAppointments['told'] = [];
  const answers = new Map<string, Answer>();
  const reasons: { appointmentId: number; acteurId: number; at: Date }[] = [];
  const pages: typeof reasons = [];
  let nextId = 1000;

  function replay(idempotence: Idempotence | undefined): { rejouee: Uint8Array } | undefined {
    const answer = idempotence && answers.get(keyOf(idempotence));
    if (!answer) return undefined;
    if (answer.corps !== hex(idempotence.corps)) throw new AppError('unprocessable', 'idempotence.autre_corps', "Cette clé d'idempotence a déjà servi à une autre demande.");
    return { rejouee: answer.reponse };
  }

  function write(appointment: Appointment, acte: Acte, evenement: EvenementAppointment, idempotence: Idempotence | undefined): Appointment {
    const named = { ...appointment, patientUsername: usernames.get(appointment.patient) ?? null, medecinUsername: usernames.get(appointment.medecin ?? 0) ?? null };
    if (idempotence) answers.set(keyOf(idempotence), { corps: hex(idempotence.corps), reponse: idempotence.ecrire(named) });
    rows.set(named.id, named);
    actes.push({ ...acte, appointmentId: named.id });
    told.push({ ...evenement, appointment: named });
    return named;
  }

  return {
    rows,
    actes,
    told,
    find: async (id) => rows.get(id),
    async list(filtre) {
      const found = [...rows.values()].filter((appointment) => isWanted(appointment, filtre)).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.id - a.id);
      return { appointments: found.slice(rangDe(filtre), rangDe(filtre) + filtre.pageSize), ...enCompte(found.length) };
    },
    async create({ id = nextId++, ...nouveau }, { acte, evenement }, { at, idempotence }) {
      const replayed = replay(idempotence);
      if (replayed) return replayed;
      const blank = { confirmedStart: null, confirmedEnd: null, messageMedecin: null, cancelMessage: null, patientUsername: null, medecinUsername: null };
      return { cree: write({ ...nouveau, ...blank, id, status: 'pending', createdAt: at, updatedAt: at, version: 1 }, acte, evenement, idempotence) };
    },
    async change(id, decide, { at, idempotence, juger }) {
      const seen = rows.get(id);
      juger?.(seen);
      const replayed = replay(idempotence);
      if (replayed) return replayed;
      const { changement, acte, evenement } = decide(seen);
      if (!seen || rows.get(id) !== seen) return 'perdue';
      const { messageMedecin, cancelMessage, ...others } = changement;
      const next = {
        ...seen, ...others, messageMedecin: messageMedecin ?? seen.messageMedecin, cancelMessage: cancelMessage ?? seen.cancelMessage, updatedAt: at, version: seen.version + 1,
      };
      if (next.status === 'confirmed' && [...rows.values()].some((other) => other.id !== id && overlaps(next, other))) return 'creneau_pris';
      return { ecrit: write(next, acte, evenement, idempotence) };
    },
    rejouer: async (idempotence) => replay(idempotence)?.rejouee,
    async noter(appointment, acte) {
      actes.push({ ...acte, appointmentId: appointment.id });
      if (acte.action === actionMotif && acte.acteur) reasons.push({ appointmentId: appointment.id, acteurId: acte.acteur.id, at: clock() });
    },
    async noterPage(appointments, acteur) {
      const seen = ({ id }: { id: number }): boolean => pages.some((page) => page.appointmentId === id && page.acteurId === acteur.id && clock().getTime() - page.at.getTime() < 3_600_000);
      for (const appointment of appointments) {
        if (seen(appointment)) continue;
        pages.push({ appointmentId: appointment.id, acteurId: acteur.id, at: clock() });
        actes.push({ acteur, action: actionPage, appointmentId: appointment.id });
      }
    },
    motifDonne: async (appointmentId, acteurId, depuis) => reasons.some((given) => given.appointmentId === appointmentId && given.acteurId === acteurId && given.at >= depuis),
  };
}

const keyOf = ({ acteurId, route, cle }: Idempotence): string => JSON.stringify([acteurId, route, cle]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Half-open intervals: one may begin when another ends. */
function overlaps(one: Appointment, other: Appointment): boolean {
  if (other.status !== 'confirmed' || one.medecin !== other.medecin || !one.confirmedStart || !one.confirmedEnd || !other.confirmedStart || !other.confirmedEnd) return false;
  return one.confirmedStart < other.confirmedEnd && other.confirmedStart < one.confirmedEnd;
}

function isWanted(appointment: Appointment, { patient, etablissementId, visibleDe, status, depuis, avant }: FiltreAppointments): boolean {
  const start = appointment.confirmedStart ?? appointment.requestedStart;
  return (
    (patient === undefined || appointment.patient === patient) &&
    (etablissementId === undefined || appointment.etablissementId === etablissementId) &&
    (visibleDe === undefined || [null, visibleDe].includes(appointment.medecin) || appointment.patient === visibleDe) &&
    (status.length === 0 || status.includes(appointment.status)) &&
    (depuis === undefined || start >= depuis) &&
    (avant === undefined || start < avant)
  );
}
