import type { Delivery } from './delivery.ts';

type TextParameters = Pick<Delivery, 'modele' | 'prenom' | 'numeroDossier' | 'ficheId' | 'debut' | 'fuseau'>;

export type Texte = {
  body: string;
  /** For a template of the provider: 1 first name, 2 dossier number or time, 3 link. */
  variables: Record<'1' | '2' | '3', string>;
};

/** What the texts of this suite name. */
export type TextContext = {
  publicUrl: string;
  /** How to join over WhatsApp, as one SMS. */
  invitation: string;
};

/** The French text of a message: who, which dossier or time, where to read on; never anything clinical. */
export function writeText(parameters: TextParameters, { publicUrl, invitation }: TextContext): Texte {
  const prenom = cleanName(parameters.prenom);
  const salut = greet(parameters.prenom);
  const base = publicUrl.replace(/\/+$/, '');
  const lien = parameters.ficheId === null ? base : `${base}/fiches/${parameters.ficheId}`;
  const quand = parameters.debut ? ` du ${formatTime(parameters.debut, parameters.fuseau)}` : '';
  const objet = parameters.modele === 'fiche_prete' ? (parameters.numeroDossier ?? '-') : quand.slice(4) || '-';
  const variables = { 1: prenom || '-', 2: objet, 3: lien };
  switch (parameters.modele) {
    case 'fiche_prete':
      return { body: `${salut} votre fiche ${parameters.numeroDossier ?? ''} est prête. Lisez-la ici : ${lien}`.replace(/ {2,}/g, ' '), variables };
    case 'appointment_confirme':
      return { body: `${salut} votre rendez-vous${quand} est confirmé. Détails : ${lien}`, variables };
    case 'appointment_refuse':
      return { body: `${salut} votre demande de rendez-vous n'a pas pu être acceptée. Choisissez un autre horaire : ${lien}`, variables };
    case 'appointment_annule':
      return { body: `${salut} votre rendez-vous${quand} est annulé. Détails : ${lien}`, variables };
    case 'appointment_annule_medecin':
      return { body: `${salut} le patient a annulé son rendez-vous${quand}. Votre agenda : ${lien}`, variables };
    case 'onboarding':
      return { body: invitation, variables };
  }
}

/** `mardi 24 novembre 2026 à 14 h 30`, in the given IANA zone. */
export function formatTime(time: Date, fuseau: string): string {
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('fr-FR', { timeZone: fuseau, ...options }).format(time);
  const [hour = '', minute = ''] = part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).split(':');
  return `${part({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })} à ${Number(hour)} h ${minute}`;
}

/** `Bonjour Amani,`, or without a name where there is none fit for a greeting. */
export function greet(prenom: string): string {
  const name = cleanName(prenom);
  return name ? `Bonjour ${name},` : 'Bonjour,';
}

/** A first name fit for a greeting: letters, spaces, hyphens and apostrophes, 40 at most; what looks otherwise is no name. */
function cleanName(prenom: string): string {
  const name = prenom.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return /^[\p{L}\p{M}][\p{L}\p{M}\p{N} '’.-]{0,39}$/u.test(name) && !/[.]\S/u.test(name) ? name : '';
}
