import { defineConfig } from '@mediai/kit/config';

const rate = (perRate: string, description: string) => ({ type: 'string', default: perRate, description: `${description}, as <requests>/<s|min|h|d>.` }) as const;

/** Limits of requests, as data. */
export const throttleConfig = defineConfig({
  MEDIAI_THROTTLES: { type: 'enum', values: ['on', 'off'], default: 'on', description: 'Limits of requests; off is for load tests and is refused in production.' },
  THROTTLE_ANONYMOUS: rate('30/min', 'Requests without a valid token, by address'),
  THROTTLE_USER: rate('300/min', 'Requests of one user'),
  THROTTLE_VALIDATE: rate('30/h', 'Validations of fiches by one user'),
  THROTTLE_RELANCER: rate('10/h', 'Relaunched analyses by one user'),
  THROTTLE_CONVERSATION_MESSAGES: rate('120/min', 'Calls about the messages of a conversation by one user'),
  THROTTLE_SEND: rate('20/h', 'WhatsApp and SMS messages asked for by one user, or by one address'),
  THROTTLE_WEBHOOK: rate('1200/min', 'Calls of Twilio, by address; no other limit holds for them'),
  THROTTLE_SIGNATURE: rate('1200/min', 'Signatures of médecins shown on pages, by address, without a token; no other limit holds for them'),
  THROTTLE_IA_ANALYSE: rate('30/h', 'Questions to the models by one user'),
  THROTTLE_IA_STATUS: rate('300/h', 'Readings of the state or the result of a question by one user'),
});

export type Scope = 'anonymous' | 'user' | 'validate' | 'relancer' | 'conversation_messages' | 'send' | 'webhook' | 'signature' | 'ia_analyse' | 'ia_status';

/** How often something may be done: `points` times in any window of `seconds` that its first time opens. */
export interface Rate {
  readonly points: number;
  readonly seconds: number;
}

const SECONDS = { s: 1, min: 60, h: 3600, d: 86_400 } as const;

/** `30/min` as a rate; undefined for anything else. */
export function parseRate(text: string): Rate | undefined {
  const [, points, unit] = /^([1-9]\d{0,6})\/(s|min|h|d)$/.exec(text) ?? [];
  return points === undefined ? undefined : { points: Number(points), seconds: SECONDS[unit as keyof typeof SECONDS] };
}

type RateTexts = { readonly [K in Exclude<keyof typeof throttleConfig, 'MEDIAI_THROTTLES'>]: string };

const configNames = Object.keys(throttleConfig).filter((name) => name !== 'MEDIAI_THROTTLES') as (keyof RateTexts)[];
const scopeOfName = (name: string): Scope => name.slice('THROTTLE_'.length).toLowerCase() as Scope;

/** What is wrong with the configured rates. */
export function rateFaults(config: RateTexts): string[] {
  return configNames.filter((name) => parseRate(config[name]) === undefined).map((name) => `${name} must be <requests>/<s|min|h|d>, as 30/min, not "${config[name]}"`);
}

/** The configured rates, which `rateFaults` found sound. */
export const readRates = (config: RateTexts): Record<Scope, Rate> => Object.fromEntries(configNames.map((name) => [scopeOfName(name), parseRate(config[name])])) as Record<Scope, Rate>;

/** Calls that have a limit of their own beside the general one; `*` stands for one part of the path. */
const scopeOfRoute: Record<string, Scope> = {
  'POST /api/v1/fiche-consultation/*/validate/': 'validate',
  'POST /api/v1/fiche-consultation/*/relancer/': 'relancer',
  'GET /api/v1/conversations/*/messages/': 'conversation_messages',
  'POST /api/v1/conversations/*/messages/': 'conversation_messages',
  'POST /api/v1/fiche-consultation/*/send-whatsapp/': 'send',
  'POST /api/v1/fiche-consultation/*/send-notification/': 'send',
  'POST /api/v1/fiche-consultation/whatsapp-onboarding/': 'send',
  'POST /api/v1/whatsapp/onboarding-sms/': 'send',
  'POST /api/v1/auth/password/reset/': 'send',
  'POST /api/v1/webhooks/twilio/whatsapp/': 'webhook',
  'POST /api/v1/webhooks/twilio/sms/': 'webhook',
  'GET /api/v1/signatures/*/': 'signature',
  'POST /api/ia/analyse/': 'ia_analyse',
  'GET /api/ia/status/*/': 'ia_status',
  'GET /api/ia/result/': 'ia_status',
};

/** The limit of its own that a route (its pattern, `:id` for a part) has. */
export const ownScope = (method: string, route: string): Scope | undefined => scopeOfRoute[`${method === 'HEAD' ? 'GET' : method} ${route.replace(/:[^/]+/g, '*')}`];

/**
 * Of a limit of its own that holds instead of the general one: Twilio calls for everybody, from a few addresses; pages of
 * fiches show signatures by the dozen, to all of a clinic from one address, where people must still log in.
 */
export const isAlone = (scope: Scope): boolean => scope === 'webhook' || scope === 'signature';

/** What is read by probes, browsers and verifiers of tokens: never limited. */
export const isExempt = (route: string): boolean => ['/', '*', '/api/health/', '/api/schema/', '/.well-known/jwks.json'].includes(route) || route.startsWith('/api/docs') || route.startsWith('/api/redoc');
