import type { Logger } from '@mediai/kit/log';
import type { Metrics } from '@mediai/kit/metrics';
import { createAnthropic } from './anthropic-client.ts';
import type { Fournisseur, OptionsFournisseur } from './fournisseur.ts';
import { createGoogle } from './google-client.ts';
import { createOpenai } from './openai-client.ts';
import { createVoix, type OptionsVoix, type Voix } from './voix.ts';
import type { RoleVoix } from './vote.ts';

/** A vendor's settings; without a key its voice is off. */
export type ReglageVoix = Omit<OptionsFournisseur, 'cle'> & { cle: string | undefined; simulee: boolean };
export type Vendeur = Fournisseur['nom'];

const VENDEURS: Record<Vendeur, { role: RoleVoix; create: (options: OptionsFournisseur) => Fournisseur }> = {
  openai: { role: 'gpt4', create: createOpenai },
  anthropic: { role: 'claude', create: createAnthropic },
  google: { role: 'gemini', create: createGoogle },
};

/** The role under which a vendor's answers are stored. */
export const roleDe = (vendeur: Vendeur): RoleVoix => VENDEURS[vendeur].role;

type Options = { reglages: Record<Vendeur, ReglageVoix>; timeoutMs: number; pauseMs?: OptionsVoix['pauseMs']; log: Logger; metrics: Metrics };

/** The voices that have a key; which are on, simulated or off is logged. */
export function openVoix({ reglages, timeoutMs, pauseMs, log, metrics }: Options): Voix[] {
  return Object.entries(VENDEURS).flatMap(([vendeur, { role, create }]) => {
    const { cle, simulee, ...options } = reglages[vendeur as Vendeur];
    const state = !cle ? 'off' : simulee ? 'simulation' : 'on';
    log[cle ? 'info' : 'warn']({ voice: role, provider: vendeur, model: options.modele, state }, 'voice');
    if (!cle) return [];
    return [createVoix({ role, fournisseur: create({ ...options, cle }), simulee, timeoutMs, ...(pauseMs === undefined ? {} : { pauseMs }), log, metrics })];
  });
}
