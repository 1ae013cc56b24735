import type { Acteur } from '@mediai/kit/acteur';
import { lirePage, type Page } from '@mediai/kit/page';
import { estSien, exiger, visibles } from '../acces/acces.ts';
import { statuts, type Statut } from './appointment.ts';
import { choix, createFaults, type Faults } from './demande.ts';
import type { AppointmentStore, PageAppointments } from './ports.ts';

export type ListeDemandee = Page & {
  acteur: Acteur;
  status: readonly string[];
  /** Days, YYYY-MM-DD in Africa/Lubumbashi, both inclusive. */
  dateDebut?: string | undefined;
  dateFin?: string | undefined;
};

type Needs = { appointments: Pick<AppointmentStore, 'list' | 'noterPage'> };

/** Africa/Lubumbashi is UTC+2 all year (IANA tz database: no daylight saving time). */
const offset = '+02:00';
const dayMs = 24 * 3600 * 1000;

/**
 * A page of the appointments that an actor may see, newest first; the count is exact up to 10 000, and of a list of
 * 1 000 or more it may be ten seconds old. That others' are shown is audited, once an hour for each, before the answer.
 * @throws AppError invalid for an unknown status or day, `pagination.trop_profonde` beyond the 10 000th row; forbidden by role
 */
export function createListAppointments({ appointments }: Needs) {
  return async ({ acteur, dateDebut, dateFin, ...demande }: ListeDemandee): Promise<PageAppointments> => {
    exiger(acteur, 'lister');
    const page = lirePage(demande);
    const faults = createFaults();
    const status = readStatuts(faults, demande.status);
    const depuis = readDay(faults, 'date_debut', dateDebut);
    const lastDay = readDay(faults, 'date_fin', dateFin);
    faults.refuse();
    const found = await appointments.list({ ...visibles(acteur), status, depuis, avant: lastDay && new Date(lastDay.getTime() + dayMs), ...page });
    await appointments.noterPage(found.appointments.filter((appointment) => !estSien(acteur, appointment)), acteur);
    return found;
  };
}

function readStatuts(faults: Faults, texts: readonly string[]): Statut[] {
  const unknown = texts.find((text) => !(statuts as readonly string[]).includes(text));
  if (unknown !== undefined) faults.add('status', choix(unknown));
  return statuts.filter((known) => texts.includes(known));
}

/** The first day whose start, two hours into the day before in UTC, is still of our era: PostgreSQL has no year 0. */
const firstDay = '0001-01-02';

/** The first instant of a day. */
function readDay(faults: Faults, field: string, text: string | undefined): Date | undefined {
  if (!text) return undefined;
  const noon = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T12:00:00Z` : Number.NaN);
  // A day that does not exist (30 February) comes back as another one.
  if (!Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(text) && text >= firstDay) return new Date(`${text}T00:00:00${offset}`);
  faults.add(field, 'Une date valide est attendue, au format AAAA-MM-JJ.');
  return undefined;
}
