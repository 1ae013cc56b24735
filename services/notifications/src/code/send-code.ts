import { setTimeout as sleep } from 'node:timers/promises';
import { auteurDe, type Acteur } from '@mediai/kit/acteur';
import { invalid, type FieldErrors } from '@mediai/kit/errors';
import type { Logger } from '@mediai/kit/log';
import { exiger } from '../acces/acces.ts';
import { toE164 } from '../contact/phone.ts';
import type { Canal, Outcome } from '../delivery/delivery.ts';
import type { Messenger } from '../delivery/messenger.ts';
import type { CodeStore } from './code-store.ts';
import { isEmail, writeCode, type CanalCode, type CodeTexte } from './code.ts';
import type { SendMail } from './smtp-client.ts';

export type SendCodeCommand = { telephone: string | null; email: string | null; prenom: string; code: string; minutes: number; userId: number; etablissementId: number };

/** `canal` is null when no way accepted it, `deliveryId` when there was no way to try. */
export type SendCodeResult = { canal: CanalCode | null; deliveryId: number | null };

export type SendCodeDeps = {
  codes: CodeStore;
  messenger: Pick<Messenger, 'sendCode'>;
  canSendSms: boolean;
  /** Absent where no mail server is configured. */
  sendMail: SendMail | undefined;
  log: Logger;
  /** Told each attempt's outcome. */
  counted: (way: { canal: CanalCode }, outcome: Outcome) => void;
  clock: () => Date;
};

export type SendCode = ReturnType<typeof createSendCode>;

type Way = { canal: CanalCode; tries: number; send: (limitMs: number) => Promise<Outcome> };
type Ended = { canal: CanalCode; attempts: number; outcome: Outcome };

/** Longest wait for all ways together, in milliseconds. */
const maxWaitMs = 10_000;
const triesOfTwilio = 2;
const pauseMs = 200;
/** With less than this an attempt is not begun. */
const shortestTryMs = 50;
const maxMinutes = 24 * 60;

/**
 * Sends a single-use code over WhatsApp, else by SMS, else by e-mail: the first that accepts it, within `waitMs` (10 s at
 * most) for all of them. What an outage or a silence left open is tried once more: a code that comes twice is harmless.
 * The code is kept nowhere; what is recorded is that one was sent, and how.
 * @throws AppError forbidden (auth only), invalid (fields), unavailable (database away: the code may have been sent)
 */
export function createSendCode({ codes, messenger, canSendSms, sendMail, log, counted, clock }: SendCodeDeps) {
  function waysOf(command: SendCodeCommand, texte: CodeTexte): Way[] {
    const telephone = toE164(command.telephone);
    const { email } = command;
    const twilio = (canal: Canal): Way[] => (telephone ? [{ canal, tries: triesOfTwilio, send: (limitMs) => messenger.sendCode({ canal, telephone }, texte, limitMs) }] : []);
    return [
      ...twilio('whatsapp'),
      ...(canSendSms ? twilio('sms') : []),
      ...(sendMail && isEmail(email) ? [{ canal: 'email' as const, tries: 1, send: (limitMs: number) => sendMail(email, texte, limitMs) }] : []),
    ];
  }

  return async (acteur: Acteur, command: SendCodeCommand, waitMs = maxWaitMs): Promise<SendCodeResult> => {
    exiger(acteur, 'envoyer_code');
    validate(command);
    const ended = await firstToAccept(waysOf(command, writeCode(command)), Date.now() + Math.min(waitMs, maxWaitMs), counted);
    if (!ended) {
      log.info({ user_id: command.userId }, 'no way to send a code');
      return { canal: null, deliveryId: null };
    }
    const { canal, attempts, outcome } = ended;
    const accepted = outcome.kind === 'accepted';
    const { userId, etablissementId } = command;
    const telephone = canal === 'email' ? null : (toE164(command.telephone) ?? null);
    const messageSid = accepted ? outcome.sid : null;
    const errorCode = accepted ? null : outcome.code;
    const deliveryId = await codes.record({ demandeur: auteurDe(acteur), canal, telephone, userId, etablissementId, attempts, messageSid, errorCode }, clock());
    const fields = { delivery_id: deliveryId, channel: canal, attempt: attempts };
    if (accepted) log.info(fields, 'code handed over');
    else log.warn({ ...fields, code: outcome.code }, 'code not handed over');
    return { canal: accepted ? canal : null, deliveryId };
  };
}

/** The way that accepted, else the last one tried; undefined when there is none. Each attempt has its share of the time that is left. */
async function firstToAccept(ways: readonly Way[], untilMs: number, counted: SendCodeDeps['counted']): Promise<Ended | undefined> {
  let ended: Ended | undefined;
  for (const [index, { canal, tries, send }] of ways.entries()) {
    const laterTries = ways.slice(index + 1).reduce((sum, way) => sum + way.tries, 0);
    for (let attempts = 1; attempts <= tries; attempts += 1) {
      const limitMs = (untilMs - Date.now()) / (tries - attempts + 1 + laterTries);
      if (limitMs < shortestTryMs) return ended ?? { canal, attempts: 0, outcome: { kind: 'postponed', code: 'delai_depasse' } };
      const outcome = await send(limitMs);
      counted({ canal }, outcome);
      ended = { canal, attempts, outcome };
      if (outcome.kind === 'accepted') return ended;
      const mayPass = outcome.kind === 'failed' || outcome.kind === 'unknown';
      if (!mayPass) break;
      if (attempts < tries) await sleep(Math.min(pauseMs, limitMs / 10));
    }
  }
  return ended;
}

function validate({ code, minutes, userId, etablissementId }: SendCodeCommand): void {
  const fields: FieldErrors = {};
  if (!/^[0-9A-Za-z-]{4,32}$/.test(code)) fields['code'] = ['Le code compte de 4 à 32 lettres et chiffres.'];
  if (minutes < 1 || minutes > maxMinutes) fields['minutes'] = [`La durée va de 1 à ${maxMinutes} minutes.`];
  if (userId < 1) fields['user_id'] = ["L'utilisateur est obligatoire."];
  if (etablissementId < 1) fields['etablissement_id'] = ["L'établissement est obligatoire."];
  if (Object.keys(fields).length > 0) throw invalid(fields);
}
