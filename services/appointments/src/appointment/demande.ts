import { invalid, type FieldErrors } from '@mediai/kit/errors';
import { modes, type Mode } from './appointment.ts';

/** The code of every refused form about appointments. */
export const invalidAppointment = 'appointment.invalide';

const required = 'Ce champ est obligatoire.';
const maxDurationMs = 24 * 3600 * 1000;
const maxTextLength = 5_000;
/** The last instant that ISO 8601 writes with four digits of year. */
const lastMs = Date.UTC(9999, 11, 31);

/** Gathers the faults of a form under the public names of its fields. */
export function createFaults() {
  const fields: FieldErrors = {};
  const add = (field: string, message: string): void => void (fields[field] ??= []).push(message);
  return {
    add,
    /** @throws AppError invalid `appointment.invalide` naming every faulty field, if there is one */
    refuse(): void {
      if (Object.keys(fields).length > 0) throw invalid(fields, invalidAppointment);
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;

/** A start and an end after it, at most 24 h apart; their faults go under `${prefix}_start` and `${prefix}_end`. */
export function readTimes(faults: Faults, prefix: 'requested' | 'confirmed', start: Date | undefined, end: Date | undefined): { start: Date; end: Date } {
  const times = { start: readInstant(faults, `${prefix}_start`, start), end: readInstant(faults, `${prefix}_end`, end) };
  if (!times.start || !times.end) return { start: new Date(0), end: new Date(0) }; // refused above
  const durationMs = times.end.getTime() - times.start.getTime();
  if (durationMs <= 0) faults.add(`${prefix}_end`, 'La fin doit être postérieure au début.');
  if (durationMs > maxDurationMs) faults.add(`${prefix}_end`, 'Un rendez-vous dure 24 heures au plus.');
  return { start: times.start, end: times.end };
}

function readInstant(faults: Faults, field: string, instant: Date | undefined): Date | undefined {
  const valid = instant !== undefined && instant.getTime() >= 0 && instant.getTime() < lastMs;
  if (!valid) faults.add(field, instant === undefined ? required : 'Une date et une heure valides sont attendues.');
  return valid ? instant : undefined;
}

/** A text as it was typed; empty is null. */
export function readTexte(faults: Faults, field: string, text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null;
  if (Array.from(text).length > maxTextLength) faults.add(field, `Assurez-vous que ce champ comporte au plus ${maxTextLength} caractères.`);
  if (text.includes('\0') || !text.isWellFormed()) faults.add(field, 'Ce champ contient un caractère non autorisé.');
  return text;
}

/** `presentiel` or `distanciel`, the latter where nothing is said. */
export function readMode(faults: Faults, text: string | undefined): Mode {
  if (!text) return 'distanciel';
  const mode = modes.find((known) => known === text);
  if (mode === undefined) faults.add('consultation_mode', choix(text));
  return mode ?? 'distanciel';
}

export function choix(text: string): string {
  return `« ${text.slice(0, 40)} » n'est pas un choix valide.`;
}
