import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, timeout, TimeoutStrategy } from 'cockatiel';
import type { Logger } from '@mediai/kit/log';
import type { BreakerState, Metrics } from '@mediai/kit/metrics';
import { withSpan } from '@mediai/kit/telemetry';
import { setTimeout as sleep } from 'node:timers/promises';
import { compterJetons } from '../metrics.ts';
import type { Demande, Fournisseur, ReponseFournisseur } from './fournisseur.ts';
import { estPassager, toVoixError, VoixError } from './voix-error.ts';
import type { RoleVoix } from './vote.ts';

export type OptionsVoix = {
  role: RoleVoix;
  fournisseur: Fournisseur;
  /** Its answers come from a stand-in: whatever is stored of them says SIMULATION. */
  simulee: boolean;
  /** Most time one call may take. */
  timeoutMs: number;
  /** Calls at most, the first included; over all layers, for the SDK repeats none. */
  maxTentatives?: number;
  /** First pause between two calls; doubled, with jitter. */
  pauseMs?: number;
  /** Bound on a Retry-After. */
  maxPauseMs?: number;
  /** Failed calls in a row that open the breaker, and how long it stays open. */
  disjoncteur?: { echecs: number; ouvertMs: number };
  log: Logger;
  metrics: Metrics;
};

export type ReponseVoix = ReponseFournisseur & { tentatives: number };

/** A vendor with its deadline, its breaker and its attempts. */
export type Voix = {
  role: RoleVoix;
  fournisseur: Fournisseur['nom'];
  modele: string;
  simulee: boolean;
  /** True while its breaker lets no call through. */
  estCoupee: () => boolean;
  /** Throws VoixError when every attempt failed, or when another one is no use. */
  demander: (demande: Demande, signal: AbortSignal) => Promise<ReponseVoix>;
};

const ETATS: Record<CircuitState, BreakerState> = { [CircuitState.Closed]: 'closed', [CircuitState.HalfOpen]: 'half_open', [CircuitState.Open]: 'open', [CircuitState.Isolated]: 'open' };

/** The one place where a model's call is bounded, repeated and given up. */
export function createVoix(options: OptionsVoix): Voix {
  const { role, fournisseur, log, metrics, maxTentatives = 3, pauseMs = 500, maxPauseMs = 10_000 } = options;
  const { echecs, ouvertMs } = options.disjoncteur ?? { echecs: 6, ouvertMs: 20_000 };
  const breaker = circuitBreaker(handleWhen((error) => error instanceof VoixError && estPassager(error.genre)), { halfOpenAfter: ouvertMs, breaker: new ConsecutiveBreaker(echecs) });
  const delai = timeout(options.timeoutMs, TimeoutStrategy.Aggressive);
  metrics.setBreaker(role, 'closed');
  breaker.onStateChange((etat) => {
    metrics.setBreaker(role, ETATS[etat]);
    log.warn({ breaker: role, state: ETATS[etat] }, 'breaker changed');
  });

  async function appeler(demande: Demande, signal: AbortSignal): Promise<ReponseFournisseur> {
    const borne = (s: AbortSignal): Promise<ReponseFournisseur> =>
      delai.execute((contexte) => fournisseur.demander(demande, contexte.signal), s).catch((thrown: unknown) => {
        throw signal.aborted ? new VoixError('annule') : toVoixError(thrown);
      });
    return breaker.execute((contexte) => borne(contexte.signal), signal);
  }

  async function demander(demande: Demande, signal: AbortSignal): Promise<ReponseVoix> {
    for (let tentatives = 1; ; tentatives += 1) {
      try {
        return { ...(await appeler(demande, signal)), tentatives };
      } catch (thrown) {
        const erreur = toVoixError(thrown);
        erreur.tentatives = erreur.genre === 'disjoncteur' ? tentatives - 1 : tentatives;
        log.warn({ voice: role, provider: fournisseur.nom, reason: erreur.genre, attempt: tentatives }, 'voice failed');
        if (!estPassager(erreur.genre) || tentatives >= maxTentatives) throw erreur;
        await attendre(erreur, tentatives, signal);
      }
    }
  }

  async function attendre(erreur: VoixError, tentatives: number, signal: AbortSignal): Promise<void> {
    const reculMs = pauseMs * 2 ** (tentatives - 1) * (0.5 + Math.random());
    await sleep(Math.min(maxPauseMs, Math.max(reculMs, erreur.attendreMs ?? 0)), undefined, { signal }).catch(() => {
      throw new VoixError('annule');
    });
  }

  const compter = compterJetons(metrics, { role, modele: fournisseur.modele, simulee: options.simulee });
  const attributes = { 'gen_ai.provider.name': fournisseur.nom, 'gen_ai.request.model': fournisseur.modele, 'mediai.voix': role };
  return {
    role, fournisseur: fournisseur.nom, modele: fournisseur.modele, simulee: options.simulee,
    estCoupee: () => breaker.state === CircuitState.Open,
    demander: (demande, signal) => withSpan(`model ${demande.nomSchema}`, { kind: 'client', attributes }, async (span) => {
      const reponse = await demander(demande, signal);
      compter({ entree: reponse.jetonsEntree, sortie: reponse.jetonsSortie });
      span.setAttributes({ 'gen_ai.usage.input_tokens': reponse.jetonsEntree, 'gen_ai.usage.output_tokens': reponse.jetonsSortie, 'mediai.tentatives': reponse.tentatives });
      return reponse;
    }),
  };
}
