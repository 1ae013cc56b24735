import { commonConfig, defineConfig, loadConfig as load, peerConfig, type ConfigOf } from '@mediai/kit/config';
import { isEmail } from './code/code.ts';

const template = (what: string) => ({ type: 'string', description: `Content SID (HX…) of the approved WhatsApp template for ${what}; without it the text is sent as it is. Variables: 1 first name, 2 dossier number or time, 3 link.` }) as const;

/** Configuration of the notifications service, as data. */
export const configSchema = {
  ...commonConfig,
  ...defineConfig({
    CONSULTATION_GRPC: peerConfig.CONSULTATION_GRPC,
    MEDIAI_PUBLIC_URL: { type: 'url', default: 'http://localhost:8000', description: 'Address at which people reach the suite: the links in messages and on printed documents, and the address that Twilio calls back. Required when MEDIAI_MODE=production.' },
    TWILIO_ACCOUNT_SID: { type: 'string', required: true, description: 'Twilio account (AC…).' },
    TWILIO_AUTH_TOKEN: { type: 'string', required: true, secret: true, description: "Twilio's token of that account." },
    TWILIO_BASE_URL: { type: 'url', description: 'Stands in for https://api.twilio.com: the sandbox, or a proxy. Required unless MEDIAI_MODE=production.' },
    TWILIO_WHATSAPP_FROM: { type: 'string', required: true, description: 'Sender of WhatsApp messages, `whatsapp:+…`.' },
    TWILIO_SMS_FROM: { type: 'string', description: 'Sender of SMS, `+…`; without it no SMS is sent.' },
    TWILIO_TIMEOUT_MS: { type: 'int', default: 5_000, min: 100, max: 60_000, description: 'Longest wait for one answer of Twilio, in milliseconds.' },
    TWILIO_RESEND_GRACE_MS: { type: 'int', default: 15_000, min: 0, max: 600_000, description: "After a call that ended without an answer: how long a message absent from Twilio's list is still expected there before it is sent again, in milliseconds." },
    TWILIO_STATUS_CALLBACKS: { type: 'bool', default: false, description: 'Whether Twilio is asked to tell later states (delivered, failed) to /api/v1/webhooks/twilio/whatsapp/ and …/sms/ under MEDIAI_PUBLIC_URL, which it must be able to reach.' },
    TWILIO_WHATSAPP_JOIN: { type: 'string', description: "Words that join Twilio's WhatsApp sandbox (`join …`), named in invitations; without them any first message opens the conversation." },
    WEBHOOK_RETENTION_DAYS: { type: 'int', default: 90, min: 8, max: 3_650, description: 'Days after which texts and phones of what Twilio told are emptied here; messages stay on their fiches.' },
    TWILIO_CONTENT_SID_FICHE_PRETE: template('a fiche that is ready'),
    TWILIO_CONTENT_SID_APPOINTMENT_CONFIRME: template('a confirmed appointment'),
    TWILIO_CONTENT_SID_APPOINTMENT_REFUSE: template('a declined appointment'),
    TWILIO_CONTENT_SID_APPOINTMENT_ANNULE: template('a cancelled appointment'),
    TWILIO_CONTENT_SID_CODE: { type: 'string', description: 'Content SID (HX…) of the approved WhatsApp template for a single-use code; without it the text is sent as it is. Variables: 1 the code, 2 its minutes.' },
    TWILIO_CONTENT_SID_APPOINTMENT_ANNULE_MEDECIN: template('an appointment that the patient cancelled, told to the médecin'),
    SMTP_URL: { type: 'url', secret: true, description: 'Mail server for single-use codes that neither WhatsApp nor SMS took, `smtps://user:password@host:465` or `smtp://…` (STARTTLS, required when MEDIAI_MODE=production unless the URL ends in `?requireTLS=false`, for a relay on the same machine); without it no e-mail is sent. Goes with SMTP_FROM.' },
    SMTP_FROM: { type: 'string', description: 'Sender of e-mails, `MediAI <ne-pas-repondre@exemple.cd>`.' },
  }),
};

export type Config = ConfigOf<typeof configSchema>;

/** Reads `env`; throws ConfigError naming every fault at once. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  return load(configSchema, env, (config) => check(config, env));
}

function check(config: Config, env: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  if (!/^AC\w+$/.test(config.TWILIO_ACCOUNT_SID)) faults.push('TWILIO_ACCOUNT_SID must begin with AC');
  if (!/^whatsapp:\+[1-9]\d{6,14}$/.test(config.TWILIO_WHATSAPP_FROM)) faults.push('TWILIO_WHATSAPP_FROM must be whatsapp:+ and a number in E.164');
  if (config.TWILIO_SMS_FROM !== undefined && !/^\+[1-9]\d{6,14}$/.test(config.TWILIO_SMS_FROM)) faults.push('TWILIO_SMS_FROM must be a number in E.164');
  if (config.TWILIO_WHATSAPP_JOIN !== undefined && !/^[\w -]{1,60}$/.test(config.TWILIO_WHATSAPP_JOIN)) faults.push('TWILIO_WHATSAPP_JOIN must be words of letters, digits and hyphens, as `join sand-box`');
  faults.push(...checkSmtp(config));
  if (config.MEDIAI_MODE === 'production') return env['MEDIAI_PUBLIC_URL']?.trim() ? faults : [...faults, 'MEDIAI_PUBLIC_URL is required when MEDIAI_MODE=production'];
  if (config.TWILIO_BASE_URL === undefined || /twilio\.com$/i.test(new URL(config.TWILIO_BASE_URL).hostname)) faults.push(`TWILIO_BASE_URL must be the sandbox's when MEDIAI_MODE=${config.MEDIAI_MODE}: no real message is sent`);
  return faults;
}

function checkSmtp({ SMTP_URL, SMTP_FROM }: Config): string[] {
  const faults: string[] = [];
  if ((SMTP_URL === undefined) !== (SMTP_FROM === undefined)) faults.push('SMTP_URL and SMTP_FROM go together');
  if (SMTP_URL !== undefined && !/^smtps?:\/\/[^/]/.test(SMTP_URL)) faults.push('SMTP_URL must begin with smtp:// or smtps://');
  if (SMTP_FROM !== undefined && !isSender(SMTP_FROM)) faults.push('SMTP_FROM must be an e-mail address, alone or as Name <address>');
  return faults;
}

function isSender(text: string): boolean {
  const [, address = text] = /^[^<>]*<([^<>]+)>$/.exec(text) ?? [];
  return isEmail(address);
}
