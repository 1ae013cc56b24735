import type { Canal } from '../delivery/delivery.ts';
import type { Parametre } from './webhook.ts';

/** Whether a form was signed by the provider for a route of this suite. */
export type VerifySignature = (canal: Canal, parametres: readonly Parametre[], signature: string) => Promise<boolean>;

/** Where the provider calls back, by channel. */
export const callbackUrl = (publicUrl: string, canal: Canal): string => `${publicUrl.replace(/\/+$/, '')}/api/v1/webhooks/twilio/${canal}/`;

/**
 * X-Twilio-Signature, verified by the SDK. What is signed is the address that Twilio was given: the public one of the
 * configuration, scheme included, never what a Host header says; with or without the slash at its end. The SDK is
 * loaded by the first call.
 */
export function createVerifySignature({ authToken, publicUrl }: { authToken: string; publicUrl: string }): VerifySignature {
  return async (canal, parametres, signature) => {
    if (signature === '') return false;
    const { default: twilio } = await import('twilio');
    const form = toForm(parametres);
    const url = callbackUrl(publicUrl, canal);
    return [url, url.slice(0, -1)].some((signed) => twilio.validateRequest(authToken, signature, signed, form));
  };
}

/** Names that come several times are signed with all of their values; no name is one of the object's own. */
function toForm(parametres: readonly Parametre[]): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null) as Record<string, never>;
  for (const { nom, valeur } of parametres) {
    const present = form[nom];
    form[nom] = present === undefined ? valeur : [present, valeur].flat();
  }
  return form;
}
