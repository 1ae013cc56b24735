import { randomBytes } from 'node:crypto';
import { signTwilio } from './twilio-callback.ts';

/** A call that Twilio would make of its own: a message that came in, or a state of one. */
export interface Inbound {
  /** Where it goes. */
  readonly url: string;
  /** The form; without a `MessageSid` it gets a new one. */
  readonly form: Readonly<Record<string, string>>;
  /** Signed as Twilio does, with another key, or not at all. Default `juste`. */
  readonly signature?: 'juste' | 'fausse' | 'absente';
  /** The address that is signed, when it is not the one that is called. */
  readonly signedUrl?: string;
}

/** What the receiver said. */
export interface InboundResult {
  readonly messageSid: string;
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

const NOT_THE_KEY = 'une autre clé';

/** Make one such call. @throws Error when the receiver cannot be reached */
export async function postInbound({ url, form, signature = 'juste', signedUrl = url }: Inbound, authToken: string): Promise<InboundResult> {
  const messageSid = form['MessageSid'] || `SM${randomBytes(16).toString('hex')}`;
  const params = { ...form, MessageSid: messageSid, SmsMessageSid: messageSid };
  const signed = signature === 'absente' ? {} : { 'x-twilio-signature': signTwilio(signature === 'juste' ? authToken : NOT_THE_KEY, signedUrl, params) };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'user-agent': 'TwilioProxy/1.1', ...signed },
    body: new URLSearchParams(params).toString(),
    signal: AbortSignal.timeout(15_000),
  });
  return { messageSid, status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

/** JSON schema of `Inbound`. */
export const inboundSchema = {
  type: 'object',
  required: ['url', 'form'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', pattern: '^https?://' },
    form: { type: 'object', additionalProperties: { type: 'string' } },
    signature: { enum: ['juste', 'fausse', 'absente'] },
    signedUrl: { type: 'string' },
  },
} as const;
