import { withSpan } from '@mediai/kit/telemetry';
import type { Outcome } from '../delivery/delivery.ts';
import type { CodeTexte } from './code.ts';

export type SmtpOptions = {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  url: string;
  /** `MediAI <ne-pas-repondre@…>`. */
  from: string;
  /** Refuse a server that offers no STARTTLS, rather than send the code in the clear; `?requireTLS=false` in the URL goes before. */
  requireTls: boolean;
};

/** Hands a code to the mail server, once, within `limitMs`; never throws for what the server did. */
export type SendMail = (email: string, texte: CodeTexte, limitMs: number) => Promise<Outcome>;

/** Mail over SMTP by nodemailer, one connection a message; it is loaded by the first one. */
export function createSmtpMailer({ url, from, requireTls }: SmtpOptions): SendMail {
  return (email, { subject, body }, limitMs) =>
    withSpan('smtp send', { kind: 'client' }, async (span) => {
      const { createTransport } = await import('nodemailer');
      const signal = AbortSignal.timeout(Math.ceil(limitMs));
      try {
        const transport = createTransport({ url, ...(requireTls ? { requireTLS: true } : {}) });
        const { messageId } = await transport.sendMail({ from, to: { name: '', address: email }, subject, text: body, signal, disableFileAccess: true, disableUrlAccess: true });
        return { kind: 'accepted', sid: messageId };
      } catch (error) {
        const outcome = outcomeOf(error as Failure, signal.aborted);
        span.setAttribute('error.type', outcome.code);
        return outcome;
      }
    });
}

type Failure = { responseCode?: number; code?: unknown };

/** RFC 5321, section 4.2.1: 5yz is permanent. The server's words may quote the address: only its number is kept. */
function outcomeOf({ responseCode, code }: Failure, aborted: boolean): Extract<Outcome, { kind: 'refused' | 'failed' }> {
  if (aborted) return { kind: 'failed', code: 'smtp.delai' };
  if (responseCode !== undefined) return { kind: responseCode >= 500 ? 'refused' : 'failed', code: `smtp.${responseCode}` };
  return { kind: 'failed', code: `smtp.${typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'sans_reponse'}` };
}
