import { createLecteur, raisons, tables, type Jugement, type Ligne } from '@mediai/import-django';
import { modes, statuts, type Mode, type Statut } from '../appointment/appointment.ts';

export type ImportedAppointment = {
  id: number;
  patient: number;
  medecin: number | null;
  fiche: number | null;
  requestedStart: Date;
  requestedEnd: Date;
  confirmedStart: Date | null;
  confirmedEnd: Date | null;
  consultationMode: Mode;
  locationNote: string | null;
  status: Statut;
  messagePatient: string | null;
  messageMedecin: string | null;
  createdAt: Date;
  updatedAt: Date;
};

/** What rows are judged with: whether auth has taken a user over, consultation a fiche. */
export type Known = { user: (id: number) => boolean; fiche: (id: number) => boolean };

const maxTextLength = 5_000;
const nobody = 0;

/** Judges appointments of the original, each by itself: whether two of a médecin overlap is asked afterwards. */
export function judgeAppointments(lignes: Ligne[], known: Known, now: Date): Jugement<ImportedAppointment>[] {
  return lignes.map((ligne) => {
    const lecteur = createLecteur(tables.appointments, ligne);
    const status = lecteur.choix('status', statuts);
    if (status === null) lecteur.ecarter('status', raisons.choix);
    const patient = lecteur.reference('patient_id', known.user);
    if (patient === null) lecteur.ecarter('patient_id', raisons.inconnu);
    const medecin = lecteur.reference('medecin_id', known.user);
    const requested = { start: lecteur.instant('requested_start'), end: lecteur.instant('requested_end') };
    if (!isSpan(requested)) lecteur.ecarter('requested_end', 'la fin ne suit pas le début');
    const confirmed = { start: lecteur.instant('confirmed_start'), end: lecteur.instant('confirmed_end') };
    if (status === 'confirmed' && (medecin === null || !isSpan(confirmed))) lecteur.ecarter(medecin === null ? 'medecin_id' : 'confirmed_start', 'rendez-vous confirmé sans médecin ou sans horaire');
    else if (!isSpan(confirmed) && (confirmed.start !== null || confirmed.end !== null)) lecteur.reserver('confirmed_start', 'horaire convenu incomplet ou à rebours');

    return lecteur.jugement(() => {
      const consultationMode = lecteur.choix('consultation_mode', modes);
      if (consultationMode === null) lecteur.reserver('consultation_mode', raisons.choix);
      const createdAt = lecteur.instant('created_at') ?? now;
      return {
        id: lecteur.id,
        patient: patient ?? nobody,
        medecin,
        fiche: lecteur.reference('fiche_id', known.fiche),
        requestedStart: requested.start ?? now,
        requestedEnd: requested.end ?? now,
        confirmedStart: isSpan(confirmed) ? confirmed.start : null,
        confirmedEnd: isSpan(confirmed) ? confirmed.end : null,
        consultationMode: consultationMode ?? 'distanciel',
        locationNote: lecteur.texte('location_note', maxTextLength),
        status: status ?? 'pending',
        messagePatient: lecteur.texte('message_patient', maxTextLength),
        messageMedecin: lecteur.texte('message_medecin', maxTextLength),
        createdAt,
        updatedAt: lecteur.instant('updated_at') ?? createdAt,
      };
    });
  });
}

const isSpan = ({ start, end }: { start: Date | null; end: Date | null }): boolean => start !== null && end !== null && end > start;

/** A confirmed appointment as a stretch of a médecin's time. */
export type Slot = { id: number; medecin: number; start: Date; end: Date };

/** The time that an appointment takes of its médecin; undefined when it takes none. */
export function slotOf({ id, status, medecin, confirmedStart: start, confirmedEnd: end }: ImportedAppointment): Slot | undefined {
  return status === 'confirmed' && medecin !== null && start && end ? { id, medecin, start, end } : undefined;
}

/** Finds overlaps among slots that are shown by médecin, then by start: the earlier one stands. */
export function createOverlaps() {
  const overlapping = new Set<number>();
  let last: Slot | undefined;
  return {
    overlapping: overlapping as ReadonlySet<number>,
    show(slot: Slot): void {
      if (last?.medecin === slot.medecin && slot.start < last.end) overlapping.add(slot.id);
      else last = slot;
    },
  };
}
