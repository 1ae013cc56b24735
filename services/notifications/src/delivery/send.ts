import { auteurDe, type Acteur } from '@mediai/kit/acteur';
import type { Cache } from '@mediai/kit/cache';
import { AppError, invalid, notFound, type FieldErrors } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import { ficheKey } from '../annonce/annonce.ts';
import type { Destinataire } from '../annonce/resolve-annonce.ts';
import type { FindContact } from '../contact/contact.ts';
import { toE164 } from '../contact/phone.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { AttemptAndWait } from './attempt-and-wait.ts';
import { canaux, modeles, windowMs, type Canal, type Etat, type Modele } from './delivery.ts';

export type SendCommand = {
  canal: string;
  modele: string;
  telephone: string | null;
  userId: number | null;
  prenom: string;
  numeroDossier: string | null;
  ficheId: number | null;
  cle: string;
  forceResend: boolean;
  etablissementId: number;
};

export type SendResult = { deliveryId: number; messageSid: string | null; etat: Etat; dejaEnvoye: boolean };

export type SendDeps = {
  deliveries: DeliveryStore;
  attemptAndWait: AttemptAndWait;
  cache: Pick<Cache, 'get' | 'set'>;
  /** Names the database whose answers are cached: one Redis may serve several. */
  cacheScope: string;
  /** Whether a person may act on a fiche. @throws AppError forbidden, not_found, unavailable */
  askAccess: (ficheId: number, acteur: Acteur) => Promise<void>;
  /** What consultation says of whom to tell about a fiche; undefined when there is no such fiche. */
  askDestinataire: (ficheId: number) => Promise<Destinataire | undefined>;
  findContact: FindContact;
  zoneOf: (etablissementId: number) => Promise<string>;
  canSendSms: boolean;
  clock: () => Date;
};

export type Send = ReturnType<typeof createSend>;

/** Short: a forced message may replace what is cached while Redis is away. */
const cacheSeconds = 60;
const maxTextLength = 200;

/**
 * Sends a message once per key within an hour. It is stored first and then tried at once; the answer waits `waitMs` (4 s
 * at most) for the provider and otherwise says `en_attente`, and the worker goes on. `forceResend` makes a new delivery.
 * A person has a patient told that a fiche is ready which consultation lets them act on, and consultation says whom to
 * tell, and of what content; a refusal that concerns a fiche is audited.
 * @throws AppError invalid (fields), forbidden, not_found (not theirs), unavailable (consultation or auth must be asked and is away).
 */
export function createSend({ deliveries, attemptAndWait, cache, cacheScope, askAccess, askDestinataire, findContact, zoneOf, canSendSms, clock }: SendDeps) {
  return async (acteur: Acteur, asked: SendCommand, waitMs?: number): Promise<SendResult> => {
    const command = await auditingRefus(acteur, asked, async () => {
      exiger(acteur, 'envoyer', asked);
      return acteur.role === 'service' ? asked : ofFiche(acteur, asked);
    });
    const { canal, modele } = validate(command, canSendSms);
    const cacheKey = `notifications:${cacheScope}:envoi:${command.etablissementId}/${command.cle}`;
    if (!command.forceResend) {
      const earlier = readCached(await cache.get(cacheKey)) ?? (await held(command));
      if (earlier) return earlier;
    }
    const { telephone, prenom } = await recipient(command);
    const { userId, numeroDossier, ficheId, cle, etablissementId } = command;
    const { delivery, created } = await deliveries.open(
      { cle, canal, modele, telephone, userId, prenom, numeroDossier, ficheId, appointmentId: null, appointmentVersion: null, debut: null, fuseau: await zoneOf(etablissementId), etablissementId },
      { now: clock(), demandeur: auteurDe(acteur), force: command.forceResend },
    );
    return outcome(delivery.id, !created);

    async function held({ etablissementId, cle }: SendCommand): Promise<SendResult | undefined> {
      const delivery = await deliveries.findByKey(etablissementId, cle, clock());
      return delivery && outcome(delivery.id, true);
    }

    async function outcome(id: number, dejaEnvoye: boolean): Promise<SendResult> {
      const delivery = await attemptAndWait(id, waitMs);
      const { etat, messageSid, sentAt } = delivery;
      const result = { deliveryId: id, messageSid, etat, dejaEnvoye };
      const leftMs = sentAt ? sentAt.getTime() + windowMs(delivery) - clock().getTime() : 0;
      if (messageSid && leftMs > 0) await cache.set(cacheKey, JSON.stringify(result), Math.min(cacheSeconds, Math.ceil(leftMs / 1000)));
      return result;
    }
  };

  /** The message that a person may have sent: nothing of what they say about whom and what counts. */
  async function ofFiche(acteur: Acteur, { canal, modele, ficheId, forceResend }: SendCommand): Promise<SendCommand> {
    if (ficheId === null) refuse({ fiche_id: ['La fiche est obligatoire.'] });
    if (modele !== 'fiche_prete') refuse({ modele: ['Modèle de message inconnu.'] });
    await askAccess(ficheId, acteur);
    const destinataire = await askDestinataire(ficheId);
    if (destinataire?.etablissementId !== acteur.etablissementId) throw notFound();
    const { telephone, userId, prenom, numeroDossier, contenuCle, etablissementId } = destinataire;
    return { canal, modele, telephone, userId, prenom, numeroDossier, ficheId, cle: ficheKey(ficheId, contenuCle, canal), forceResend, etablissementId };
  }

  async function auditingRefus<T>(acteur: Acteur, { ficheId }: SendCommand, judge: () => Promise<T>): Promise<T> {
    try {
      return await judge();
    } catch (error) {
      if (error instanceof AppError && error.kind === 'forbidden' && ficheId !== null) await deliveries.noteRefus(auteurDe(acteur), { ficheId, etablissementId: acteur.etablissementId, code: error.code });
      throw error;
    }
  }

  async function recipient({ telephone, userId, prenom }: SendCommand): Promise<{ telephone: string; prenom: string }> {
    if (telephone !== null) return { telephone: toE164(telephone) ?? refuse({ telephone: ['Saisissez un numéro de téléphone valide.'] }), prenom };
    const contact = userId === null ? undefined : await findContact(userId);
    if (!contact?.telephone) throw new AppError('invalid', 'notification.sans_telephone', 'Aucun numéro de téléphone connu pour ce patient.', { fields: { telephone: ['Aucun numéro de téléphone connu pour ce patient.'] } });
    return { telephone: contact.telephone, prenom: prenom || contact.prenom };
  }
}

function validate({ canal, modele, cle, prenom, numeroDossier, etablissementId }: SendCommand, canSendSms: boolean): { canal: Canal; modele: Modele } {
  const fields: FieldErrors = {};
  if (!isOneOf(canaux, canal)) fields['canal'] = ['Canal inconnu : whatsapp ou sms.'];
  if (!isOneOf(modeles, modele) || modele === 'onboarding') fields['modele'] = ['Modèle de message inconnu.'];
  if (cle === '' || !isStorable(cle)) fields['cle'] = [`La clé compte de 1 à ${maxTextLength} caractères.`];
  for (const [field, text] of Object.entries({ prenom, numero_dossier: numeroDossier ?? '' })) if (!isStorable(text)) fields[field] = [`Ce texte compte ${maxTextLength} caractères au plus.`];
  if (etablissementId < 1) fields['etablissement_id'] = ["L'établissement est obligatoire."];
  if (Object.keys(fields).length > 0) refuse(fields);
  if (canal === 'sms' && !canSendSms) throw smsNonConfigure();
  return { canal: canal as Canal, modele: modele as Modele };
}

/** 400: SMS is a channel that this suite does not have. */
export function smsNonConfigure(): AppError {
  return new AppError('invalid', 'notification.sms_non_configure', "L'envoi de SMS n'est pas configuré sur ce serveur.", { fields: { non_field_errors: ["L'envoi de SMS n'est pas configuré sur ce serveur."] } });
}

/** PostgreSQL keeps no NUL. */
const isStorable = (text: string): boolean => text.length <= maxTextLength && !text.includes('\0');

function isOneOf(choices: readonly string[], value: string): boolean {
  return choices.includes(value);
}

function refuse(fields: FieldErrors): never {
  throw invalid(fields);
}

/** A cached answer; an unreadable one is a miss. */
function readCached(text: string | undefined): SendResult | undefined {
  if (text === undefined) return undefined;
  try {
    const { deliveryId, messageSid, etat } = JSON.parse(text) as SendResult;
    return typeof deliveryId === 'number' && typeof messageSid === 'string' ? { deliveryId, messageSid, etat, dejaEnvoye: true } : undefined;
  } catch {
    return undefined; // written by something else: PostgreSQL knows
  }
}
