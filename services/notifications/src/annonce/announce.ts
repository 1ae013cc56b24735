import type { AnnonceStore } from './annonce-store.ts';
import { annonceOfFiche, annoncesOfAppointment, type AppointmentChange } from './annonce.ts';

export type AnnounceDeps = {
  annonces: Pick<AnnonceStore, 'takeFiche' | 'takeAppointment'>;
  /** Called once an announcement waits. */
  announced: () => void;
  clock: () => Date;
};

/** The state of a fiche as its events carry it. */
export type FicheEvent = Parameters<AnnonceStore['takeFiche']>[1];

/** Keeps, once per event, that a validated fiche is to be told to its patient. */
export function createAnnounceFiche({ annonces, announced, clock }: AnnounceDeps) {
  return async (eventId: string, fiche: FicheEvent): Promise<void> => {
    if (await annonces.takeFiche(eventId, fiche, [annonceOfFiche(fiche)], clock())) announced();
  };
}

/** Keeps, once per event, what is to be told of an appointment. */
export function createAnnounceAppointment({ annonces, announced, clock }: AnnounceDeps) {
  return async (eventId: string, change: AppointmentChange): Promise<void> => {
    if (await annonces.takeAppointment(eventId, change, annoncesOfAppointment(change), clock())) announced();
  };
}
