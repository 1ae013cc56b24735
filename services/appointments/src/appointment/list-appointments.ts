import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { exiger, visibles } from '../acces/acces.ts';
import { statuts, type Statut } from './appointment.ts';
import { choix, createFaults, type Faults } from './demande.ts';
import type { AppointmentStore, PageAppointments } from './ports.ts';

export type ListeDemandee = {
  acteur: Acteur;
  status: readonly string[];
  /** Days, YYYY-MM-DD in Africa/Lubumbashi, both inclusive. */
  dateDebut?: string | undefined;
  dateFin?: string | undefined;
  /** From 1; 0 is 1. */
  page: number;
  /** 100 at most; 0 is 20. */
  pageSize: number;
};

type Needs = { appointments: Pick<AppointmentStore, 'list'> };

const maxDepth = 10_000;
const defaultPageSize = 20;
const maxPageSize = 100;
/** Africa/Lubumbashi is UTC+2 all year (IANA tz database: no daylight saving time). */
const offset = '+02:00';
const dayMs = 24 * 3600 * 1000;

/**
 * A page of the appointments that an actor may see, newest first; the count is exact up to 10 000.
 * @throws AppError invalid for an unknown status or day, `pagination.trop_profonde` beyond the 10 000th row; forbidden by role
 */
export function createListAppointments({ appointments }: Needs) {
  return async ({ acteur, dateDebut, dateFin, ...demande }: ListeDemandee): Promise<PageAppointments> => {
    exiger(acteur, 'lister');
    const page = Math.max(1, demande.page);
    const pageSize = demande.pageSize < 1 ? defaultPageSize : Math.min(demande.pageSize, maxPageSize);
    if (page * pageSize > maxDepth) throw new AppError('invalid', 'pagination.trop_profonde', 'Cette page est trop loin : précisez votre recherche.');
    const faults = createFaults();
    const status = demande.status.flatMap((text) => readStatut(faults, text));
    const depuis = readDay(faults, 'date_debut', dateDebut);
    const lastDay = readDay(faults, 'date_fin', dateFin);
    faults.refuse();
    return appointments.list({ ...visibles(acteur), status, depuis, avant: lastDay && new Date(lastDay.getTime() + dayMs), page, pageSize });
  };
}

function readStatut(faults: Faults, text: string): Statut[] {
  const status = statuts.find((known) => known === text);
  if (status === undefined) faults.add('status', choix(text));
  return status === undefined ? [] : [status];
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
