import type { NewAppointment } from '../appointment/appointment.ts';
import type { AppointmentStore, Effets, Horloge } from '../appointment/ports.ts';

type Needs = { appointments: Pick<AppointmentStore, 'find' | 'create' | 'change'>; clock: Horloge };
type Demo = Omit<NewAppointment, 'requestedStart' | 'requestedEnd'> & { id: number; daysAhead: number; hourUtc: number; confirmed: boolean };

/** The demonstration accounts of auth. */
const patientDemo = 1;
const medecinDemo = 2;
const etablissementId = 1;
const dayMs = 24 * 3600 * 1000;
const durationMs = 30 * 60 * 1000;

const common = { patient: patientDemo, fiche: null, etablissementId, locationNote: null };
const demos: Demo[] = [
  { ...common, id: 1, medecin: medecinDemo, consultationMode: 'presentiel', locationNote: 'Bâtiment B, salle 3', messagePatient: 'Contrôle de ma tension.', daysAhead: 3, hourUtc: 7, confirmed: true },
  { ...common, id: 2, medecin: medecinDemo, consultationMode: 'distanciel', messagePatient: 'Je voudrais parler de mes résultats.', daysAhead: 5, hourUtc: 8, confirmed: false },
  { ...common, id: 3, medecin: null, consultationMode: 'distanciel', messagePatient: null, daysAhead: 8, hourUtc: 13, confirmed: false },
];

/** Makes the demonstration appointments that are missing, some days ahead of now; those that are there stay as they are. Returns the ids made. */
export function createSeedDemo({ appointments, clock }: Needs) {
  return async (): Promise<number[]> => {
    const made: number[] = [];
    for (const demo of demos) {
      if (await appointments.find(demo.id)) continue;
      await make(demo);
      made.push(demo.id);
    }
    return made;
  };

  async function make({ daysAhead, hourUtc, confirmed, ...demo }: Demo): Promise<void> {
    const at = clock();
    const requestedStart = new Date(Math.floor(at.getTime() / dayMs) * dayMs + daysAhead * dayMs + hourUtc * 3600 * 1000);
    const requestedEnd = new Date(requestedStart.getTime() + durationMs);
    await appointments.create({ ...demo, requestedStart, requestedEnd }, { acte, evenement: { type: 'AppointmentRequested' } }, { at });
    if (!confirmed) return;
    const changement = { status: 'confirmed' as const, medecin: medecinDemo, confirmedStart: requestedStart, confirmedEnd: requestedEnd };
    await appointments.change(demo.id, () => ({ changement, acte, evenement: { type: 'AppointmentConfirmed' } }), { at });
  }
}

const acte: Effets['acte'] = { acteur: null, action: 'appointment.demonstration' };
