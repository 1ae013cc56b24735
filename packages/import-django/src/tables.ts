import { CHAMPS, type Champ } from '@mediai/fiche';
import type { Forme, Sorte } from './forme.ts';

export const tables = {
  users: 'authentication_customuser',
  patientProfiles: 'authentication_patientprofile',
  medecinProfiles: 'authentication_medecinprofile',
  fiches: 'chat_ficheconsultation',
  conversations: 'chat_conversation',
  messages: 'chat_messageia',
  appointments: 'chat_appointment',
  ficheMessages: 'chat_fichemessage',
  references: 'chat_fichereference',
  labResults: 'chat_labresult',
  attachments: 'chat_ficheattachment',
} as const;

const sorteDe: Record<Champ['type'], Sorte> = { texte: 'texte', choix: 'texte', entier: 'entier', decimal: 'decimal', booleen: 'booleen', date: 'date' };

/** The fields of a fiche that the original has: it dropped `observations_importantes`. */
export const champsOriginaux = CHAMPS.filter(({ nom }) => nom !== 'observations_importantes');

/** The columns that are read, table by table. */
export const formes = {
  users: {
    table: tables.users,
    colonnes: {
      id: 'entier', password: 'texte', last_login: 'instant', is_superuser: 'booleen', username: 'texte', first_name: 'texte', last_name: 'texte', email: 'texte',
      is_staff: 'booleen', is_active: 'booleen', date_joined: 'instant', role: 'texte', phone: 'texte',
    },
  },
  patientProfiles: { table: tables.patientProfiles, colonnes: { id: 'entier', user_id: 'entier', date_of_birth: 'date', phone_number: 'texte', address: 'texte' } },
  medecinProfiles: { table: tables.medecinProfiles, colonnes: { id: 'entier', user_id: 'entier', specialty: 'texte', phone_number: 'texte', address: 'texte', is_available: 'booleen' } },
  fiches: {
    table: tables.fiches,
    colonnes: {
      id: 'entier', ...Object.fromEntries(champsOriginaux.map(({ nom, type }) => [nom, sorteDe[type]])),
      user_id: 'entier', numero_dossier: 'texte', date_consultation: 'date', heure_debut: 'heure', heure_fin: 'heure', status: 'texte', commentaire_rejet: 'texte', diagnostic: 'texte',
      traitement: 'texte', examen_complementaire: 'texte', recommandations: 'texte', medecin_validateur_id: 'entier', assigned_medecin_id: 'entier', date_validation: 'instant',
      created_at: 'instant', diagnostic_ia: 'texte', signature_medecin: 'texte',
    },
  },
  conversations: { table: tables.conversations, colonnes: { id: 'entier', nom: 'texte', user_id: 'entier', fiche_id: 'entier', created_at: 'instant', updated_at: 'instant' } },
  messages: { table: tables.messages, colonnes: { id: 'entier', conversation_id: 'entier', role: 'texte', content: 'texte', timestamp: 'instant' } },
  appointments: {
    table: tables.appointments,
    colonnes: {
      id: 'entier', patient_id: 'entier', medecin_id: 'entier', fiche_id: 'entier', requested_start: 'instant', requested_end: 'instant', confirmed_start: 'instant', confirmed_end: 'instant',
      consultation_mode: 'texte', location_note: 'texte', status: 'texte', message_patient: 'texte', message_medecin: 'texte', created_at: 'instant', updated_at: 'instant',
    },
  },
  ficheMessages: { table: tables.ficheMessages, colonnes: { id: 'entier', fiche_id: 'entier', author_id: 'entier', content: 'texte', created_at: 'instant' } },
  references: {
    table: tables.references,
    colonnes: { id: 'entier', fiche_id: 'entier', title: 'texte', url: 'texte', source: 'texte', authors: 'texte', year: 'entier', journal: 'texte', created_at: 'instant' },
  },
  labResults: {
    table: tables.labResults,
    colonnes: {
      id: 'entier', fiche_id: 'entier', type_analyse: 'texte', valeur: 'texte', unite: 'texte', valeurs_normales: 'texte', date_prelevement: 'date', laboratoire: 'texte', fichier: 'texte', commentaire: 'texte',
      created_at: 'instant',
    },
  },
  attachments: { table: tables.attachments, colonnes: { id: 'entier', fiche_id: 'entier', file: 'texte', kind: 'texte', note: 'texte', uploaded_by_id: 'entier', created_at: 'instant' } },
} as const satisfies Record<keyof typeof tables, Forme>;

/** The names of a table's columns. */
export const colonnesDe = (forme: Forme): string[] => Object.keys(forme.colonnes);

/** What the original has and this version keeps nothing of, by the service that will. */
export const nonReprises = {
  auth: ['authentication_customuser_groups', 'authentication_customuser_user_permissions'],
  consultation: ['chat_webhookevent', 'chat_dataexportjob'],
  ia: [],
  appointments: ['chat_medecinavailability', 'chat_medecinexception'],
} as const satisfies Record<string, readonly string[]>;
