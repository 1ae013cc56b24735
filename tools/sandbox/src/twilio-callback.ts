import { createHmac, randomUUID } from 'node:crypto';
import type { CallbackResult, Message } from './message.ts';

/**
 * X-Twilio-Signature: HMAC-SHA1, in base64, of the URL followed by every parameter's name and value in the order of the
 * names (Twilio, Usage, "Security: validating signatures").
 */
export function signTwilio(authToken: string, url: string, params: Readonly<Record<string, string>>): string {
  const data = Object.keys(params).sort().reduce((texte, cle) => texte + cle + params[cle], url);
  return createHmac('sha1', authToken).update(data, 'utf8').digest('base64');
}

/** Tell the message's status to its callback URL, once, as Twilio does; an unreachable receiver is noted, not retried. */
export async function postCallback(message: Message, authToken: string, signal: AbortSignal): Promise<CallbackResult> {
  const url = message.statusCallback ?? '';
  const params = callbackParams(message);
  const constat = { status: message.status, time: new Date().toISOString() };
  try {
    const reponse = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'TwilioProxy/1.1', 'x-twilio-signature': signTwilio(authToken, url, params), 'i-twilio-idempotency-token': randomUUID() },
      body: new URLSearchParams(params).toString(),
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    });
    await reponse.body?.cancel();
    return { ...constat, httpStatus: reponse.status };
  } catch {
    return { ...constat, httpStatus: null };
  }
}

function callbackParams(message: Message): Record<string, string> {
  return {
    ApiVersion: '2010-04-01',
    AccountSid: message.accountSid,
    MessageSid: message.sid,
    SmsSid: message.sid,
    MessageStatus: message.status,
    SmsStatus: message.status,
    To: message.to,
    ...(message.from ? { From: message.from } : {}),
    ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    ...(message.to.startsWith('whatsapp:') ? { ChannelPrefix: 'whatsapp', ChannelToAddress: message.to.slice('whatsapp:'.length) } : {}),
    ...(message.errorCode === null ? {} : { ErrorCode: String(message.errorCode) }),
  };
}
