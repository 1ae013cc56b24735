import { createCompte, createEtablissement, must, nextSlot, randomPhone, unique, type Compte } from '../accounts.ts';
import { until } from '../client.ts';
import { conversationOf, type Fiche } from '../fiche.ts';
import { ficheComplete } from '@mediai/testing';
import type { World } from './world.ts';

/** What a call is about; `version` where one is kept. */
export type Objet = { readonly id: number };

interface Maker {
  /** `assigne`: to the assigned médecin, or to nobody. */
  readonly make: (world: World, assigne: boolean) => Promise<Objet>;
  /** Its whole state, as someone who may read everything of it sees it. */
  readonly read?: (world: World, objet: Objet) => Promise<unknown>;
}

const FICHES = '/api/v1/fiche-consultation/';
const CONSENTEMENTS = '/api/v1/consentements/';
const WEBHOOKS = '/api/v1/webhooks/';
const APPOINTMENTS = '/api/v1/appointments/';
const lireFiche = ({ acteurs }: World, { id }: Objet): Promise<Fiche> => must<Fiche>('GET', `${FICHES}${id}/`, acteurs.admin.token);

/** A fiche of the owner whose analysis has ended: nothing but the cells changes it any more. */
async function makeFiche(world: World, assigne: boolean): Promise<Fiche> {
  const { proprietaire, medecinAssigne } = world.acteurs;
  const fiche = await must<Fiche>('POST', FICHES, proprietaire.token, ficheComplete({ telephone: proprietaire.phone, ...(assigne ? { assigned_medecin: medecinAssigne.id } : {}) }));
  return until(`the end of the analysis of fiche ${fiche.id}`, () => lireFiche(world, fiche), ({ status }) => status === 'analyse_terminee');
}

/** A file that is taken everywhere. */
export const PDF_ESSAI = new TextEncoder().encode('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

const makers = {
  fiche: { make: makeFiche, read: lireFiche },
  /** Which its patient may edit. */
  ficheRejetee: {
    make: async (world, assigne) => {
      const fiche = await makeFiche(world, assigne);
      await must('POST', `${FICHES}${fiche.id}/reject/`, world.acteurs.medecinAssigne.token, { commentaire: 'La tension manque.' });
      return fiche;
    },
    read: lireFiche,
  },
  ficheSupprimee: {
    make: async (world, assigne) => {
      const fiche = await makeFiche(world, assigne);
      await must('DELETE', `${FICHES}${fiche.id}/`, world.acteurs.proprietaire.token);
      return fiche;
    },
    read: async ({ acteurs }, { id }) => {
      const { results } = await must<{ results: Fiche[] }>('GET', `${FICHES}?deleted=true&page_size=100`, acteurs.admin.token);
      return results.find((fiche) => fiche.id === id);
    },
  },
  /** Of the owner's fiche, added by the owner. */
  reference: {
    make: async (world, assigne) => {
      const { id } = await makeFiche(world, assigne);
      return must('POST', `${FICHES}${id}/references/`, world.acteurs.proprietaire.token, { title: `Référence ${unique()}` });
    },
    read: ({ acteurs }, { id }) => must('GET', `/api/v1/references/${id}/`, acteurs.admin.token),
  },
  resultat: {
    make: async (world, assigne) => {
      const form = new FormData();
      const mots = { fiche: String((await makeFiche(world, assigne)).id), type_analyse: 'TDR paludisme', valeur: 'positif', date_prelevement: '2026-01-15' };
      for (const [nom, valeur] of Object.entries(mots)) form.set(nom, valeur);
      form.set('fichier', new Blob([PDF_ESSAI]), 'essai.pdf');
      return must<Objet>('POST', '/api/v1/lab-results/', world.acteurs.proprietaire.token, form);
    },
    read: ({ acteurs }, { id }) => must('GET', `/api/v1/lab-results/${id}/`, acteurs.admin.token),
  },
  conversation: {
    make: async (world, assigne) => {
      const { id } = await makeFiche(world, assigne);
      const found = await until(`the conversation of fiche ${id}`, () => conversationOf(world.acteurs.proprietaire.token, id), (one) => one !== undefined);
      return { id: found?.id ?? 0 };
    },
  },
  /** What the patient wrote: the fiche itself, as the models were asked about it. They are asked with the patient's consent only. */
  message: {
    make: async (world, assigne) => {
      const { token } = world.acteurs.proprietaire;
      await must('POST', CONSENTEMENTS, token, { finalite: 'analyse_ia', version: '2026-1' });
      const { id } = await makeFiche(world, assigne);
      const found = await until(`the message of fiche ${id}`, () => conversationOf(token, id), (one) => (one?.messages.length ?? 0) > 0);
      await must('DELETE', CONSENTEMENTS, token, { finalite: 'analyse_ia' });
      return { id: found?.messages[0]?.id ?? 0 };
    },
  },
  /** Of the établissement's fiches of yesterday, with its file. */
  exportFiches: {
    make: ({ acteurs: { admin } }) => {
      const jour = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
      return exporter('/api/v1/exports/', admin.token, { export_format: 'csv', date_start: jour, date_end: jour });
    },
    read: ({ acteurs }, { id }) => must('GET', `/api/v1/exports/${id}/`, acteurs.admin.token),
  },
  /** Of the owner's own data, with its file. */
  exportPersonnel: {
    make: ({ acteurs: { proprietaire } }) => exporter('/api/v1/mes-donnees/export/', proprietaire.token),
    read: ({ acteurs }, { id }) => must('GET', `/api/v1/mes-donnees/export/${id}/`, acteurs.proprietaire.token),
  },
  /** Of a patient who is nobody else. */
  effacement: {
    make: async ({ superuser, ici }) => must('POST', '/api/v1/mes-donnees/effacement/', (await createCompte(superuser, { role: 'patient', etablissement: ici })).token),
    read: async ({ acteurs }, { id }) => {
      const { results } = await must<{ results: Objet[] }>('GET', '/api/v1/effacements/?page_size=100', acteurs.admin.token);
      return results.find((one) => one.id === id);
    },
  },
  /** A file that the owner put beside a fiche. */
  pieceJointe: {
    make: async (world, assigne) => {
      const form = new FormData();
      form.set('fiche', String((await makeFiche(world, assigne)).id));
      form.set('file', new Blob([PDF_ESSAI]), 'essai.pdf');
      return must<Objet>('POST', '/api/v1/attachments/', world.acteurs.proprietaire.token, form);
    },
    read: ({ acteurs }, { id }) => must('GET', `/api/v1/attachments/${id}/`, acteurs.admin.token),
  },
  rendezVous: {
    make: ({ acteurs: { proprietaire, medecinAssigne } }, assigne) => {
      const { start, end } = nextSlot();
      return must('POST', APPOINTMENTS, proprietaire.token, { ...(assigne ? { medecin: medecinAssigne.id } : {}), requested_start: start.toISOString(), requested_end: end.toISOString() });
    },
    read: ({ acteurs }, { id }) => must('GET', `${APPOINTMENTS}${id}/`, acteurs.admin.token),
  },
  /** A message that came in from the phone of a fiche of the owner. */
  evenement: {
    make: async ({ acteurs: { proprietaire, medecinAssigne, admin } }, assigne) => {
      const phone = randomPhone();
      await must<Fiche>('POST', FICHES, proprietaire.token, ficheComplete({ telephone: phone, ...(assigne ? { assigned_medecin: medecinAssigne.id } : {}) }));
      const written = { event_type: 'whatsapp_incoming', external_id: `SM${unique()}`, sender_phone: phone, recipient_phone: '+14155238886', content: 'La fièvre est revenue.' };
      const { id } = await must<Objet>('POST', WEBHOOKS, admin.token, written);
      const listed = () => must<{ results: Objet[] }>('GET', `${WEBHOOKS}?status=processed&page_size=100`, medecinAssigne.token);
      await until(`event ${id} among those of the médecin`, listed, ({ results }) => results.some((one) => one.id === id));
      return { id };
    },
    read: ({ acteurs }, { id }) => must('GET', `${WEBHOOKS}${id}/`, acteurs.admin.token),
  },
  /** The owner's account. */
  compte: { make: async ({ acteurs }) => acteurs.proprietaire, read: lireCompte },
  /** The assigned médecin's account. */
  medecin: { make: async ({ acteurs }) => acteurs.medecinAssigne, read: lireCompte },
  autreCompte: { make: ({ superuser, ici }): Promise<Compte> => createCompte(superuser, { role: 'patient', etablissement: ici }), read: lireCompte },
  compteEnAttente: { make: ({ superuser, ici }): Promise<Compte> => createCompte(superuser, { role: 'medecin', enAttente: true, etablissement: ici }), read: lireCompte },
  /** The établissement of the objects. */
  etablissement: { make: async ({ ici }) => ({ id: ici }), read: lireEtablissement },
  /** One to which nobody belongs. */
  etablissementVide: { make: async ({ superuser }) => ({ id: await createEtablissement(superuser) }), read: lireEtablissement },
} satisfies Record<string, Maker>;

export type Kind = keyof typeof makers;
export const MAKERS: Readonly<Record<Kind, Maker>> = makers;

/** Asks for an export and waits for its file. */
async function exporter(path: string, token: string, body?: unknown): Promise<Objet> {
  const { id } = await must<Objet>('POST', path, token, body);
  return until(`export ${id}`, () => must<Objet & { status: string }>('GET', `${path}${id}/`, token), ({ status }) => status === 'completed');
}

async function lireCompte({ superuser }: World, { id }: Objet): Promise<unknown> {
  const { last_login: _, ...user } = await must<Record<string, unknown>>('GET', `/api/v1/auth/users/${id}/`, superuser);
  return user;
}

async function lireEtablissement({ superuser }: World, { id }: Objet): Promise<unknown> {
  return must('GET', `/api/v1/auth/etablissements/${id}/`, superuser);
}
