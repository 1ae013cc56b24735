import type { Appointment } from '../../services/appointments/src/appointment/appointment.ts';
import type { VueFiche } from '../../services/consultation/src/fiche/vue.ts';
import { createAccounts } from './acts/accounts.ts';
import { createAppointments } from './acts/appointments.ts';
import { createConversations } from './acts/conversations.ts';
import { createFicheParts } from './acts/fiche-parts.ts';
import type { createLogin } from './acts/login.ts';
import { createReadFiches } from './acts/read-fiches.ts';
import { createWriteFiches } from './acts/write-fiches.ts';
import type { Pools } from './databases.ts';
import { accountJson } from './json/account-json.ts';
import { appointmentJson } from './json/appointment-json.ts';
import { ficheJson, reserveeJson } from './json/fiche-json.ts';
import { messageJson } from './json/message-json.ts';
import type { FloorOperations, Versioned } from './operations.ts';
import { DATABASES, type Settings } from './settings.ts';

/** What is done to the suite's rows, before it is written as an answer: shared with the service behind the hop. */
export function createActs(pools: Pools, settings: Settings) {
  const parts = createFicheParts(pools.consultation, settings);
  return { ...createAccounts(pools.auth), ...createReadFiches(parts), ...createWriteFiches(parts), ...createAppointments(pools), ...createConversations(pools) };
}

export type Acts = ReturnType<typeof createActs>;

const ofFiche = (vue: VueFiche): Versioned => ({ json: ficheJson(vue), id: vue.fiche.id, version: vue.fiche.version });
const ofAppointment = (appointment: Appointment): Versioned => ({ json: appointmentJson(appointment), id: appointment.id, version: appointment.version });

/** Every operation in this process. */
export function createFloorOperations(acts: Acts, pools: Pools, login: Awaited<ReturnType<typeof createLogin>>): FloorOperations {
  return {
    issueToken: login,
    getMe: async (appel) => accountJson(await acts.getMe(appel)),
    getFiche: async (appel, id) => ofFiche(await acts.getFiche(appel, id)),
    async listFiches(appel, demande) {
      const { vues, reservee, count, ...rest } = await acts.listFiches(appel, demande);
      return { ...rest, count: count + (reservee ? 1 : 0), items: [...vues.map(ficheJson), ...(reservee ? [reserveeJson(reservee)] : [])] };
    },
    createFiche: async (appel, saisie, assignedMedecin) => ofFiche(await acts.createFiche(appel, saisie, assignedMedecin)),
    editDiagnostic: async (appel, id, textes) => ofFiche(await acts.editDiagnostic(appel, id, textes)),
    validateFiche: async (appel, id, textes, analyses) => ofFiche(await acts.validateFiche(appel, id, textes, analyses)),
    createAppointment: async (appel, demande) => ofAppointment(await acts.createAppointment(appel, demande)),
    confirmAppointment: async (appel, confirmation) => ofAppointment(await acts.confirmAppointment(appel, confirmation)),
    async listAppointments(appel, demande) {
      const { appointments, ...compte } = await acts.listAppointments(appel, demande);
      return { ...compte, items: appointments.map(appointmentJson) };
    },
    async listAvailable(appel, page, specialty) {
      const { accounts, ...compte } = await acts.listAvailable(appel, page, specialty);
      return { ...compte, items: accounts.map(accountJson) };
    },
    listMessages: async (appel, id) => `[${(await acts.listMessages(appel, id)).map(messageJson).join(',')}]`,
    check: async () => Object.fromEntries(await Promise.all(DATABASES.map(async (name) => [name, await ping(pools, name)] as const))),
  };
}

async function ping(pools: Pools, name: (typeof DATABASES)[number]): Promise<Record<string, string>> {
  try {
    await pools[name].query('SELECT 1');
    return { database: 'ok' };
  } catch {
    return { database: 'down' }; // the answer is that it is down
  }
}
