import { Worker } from 'node:worker_threads';
import { AppError } from '@mediai/kit/errors';
import type { DocumentImprime } from '../document.ts';
import type { Dessin } from './dessiner-worker.ts';

/** How a drawing ended, for the metric. */
export type IssueDessin = 'dessine' | 'occupe' | 'delai' | 'echec' | 'abandon';

export interface OptionsAtelier {
  /** Worker threads at most; each is started when it is needed first. */
  readonly ouvriers: number;
  /** Drawings that may wait for a worker; one more is refused at once. */
  readonly attente: number;
  /** Longest time of one drawing, in milliseconds: its worker is then ended; and longest wait for one. */
  readonly delaiMs: number;
  /** Memory of a worker's objects, in megabytes: one that needs more ends. */
  readonly memoireMo?: number;
  readonly script?: URL;
  readonly compter?: (issue: IssueDessin) => void;
}

/** Draws documents away from the service's own thread. */
export interface Atelier {
  /** @throws AppError unavailable `document.occupe`, `document.delai_depasse` or `document.interrompu`; internal for a document that cannot be drawn */
  dessiner(document: DocumentImprime, signal?: AbortSignal): Promise<Uint8Array>;
  /** Ends the workers; what waits or is being drawn is refused. */
  close(): Promise<void>;
}

interface Commande {
  readonly document: DocumentImprime;
  readonly signal: AbortSignal | undefined;
  readonly finir: (issue: IssueDessin, resultat: Uint8Array | AppError) => void;
}

// As this file itself is run, from the sources or compiled.
const SCRIPT = new URL(`./dessiner-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
const REESSAYER_S = 5;

const occupe = (): AppError => new AppError('unavailable', 'document.occupe', 'Trop de documents sont demandés en ce moment : réessayez dans quelques instants.', { retryAfterSeconds: REESSAYER_S });
const tropLong = (): AppError => new AppError('unavailable', 'document.delai_depasse', "Ce document n'a pas pu être préparé à temps : réessayez dans quelques instants.", { retryAfterSeconds: REESSAYER_S });
const interrompu = (cause?: unknown): AppError => new AppError('unavailable', 'document.interrompu', 'La préparation du document a été interrompue : réessayez dans quelques instants.', { cause, retryAfterSeconds: REESSAYER_S });
const impossible = (nom: string): AppError => new AppError('internal', undefined, undefined, { cause: new Error(`a document could not be drawn: ${nom}`) });

/** A few worker threads and a bounded queue before them. */
export function createAtelier({ ouvriers, attente, delaiMs, memoireMo = 512, script = SCRIPT, compter = () => undefined }: OptionsAtelier): Atelier {
  const libres: Worker[] = [];
  const tous = new Set<Worker>();
  const file: Commande[] = [];
  let ferme = false;

  function embaucher(): Worker {
    const ouvrier = new Worker(script, { execArgv: ['--disable-warning=ExperimentalWarning'], resourceLimits: { maxOldGenerationSizeMb: memoireMo } });
    ouvrier.unref();
    // Heard even while it has nothing to draw: an error nobody listens to would end the service.
    ouvrier.on('error', () => oublier(ouvrier));
    ouvrier.on('exit', () => oublier(ouvrier));
    tous.add(ouvrier);
    return ouvrier;
  }

  function oublier(ouvrier: Worker): void {
    tous.delete(ouvrier);
    if (libres.includes(ouvrier)) libres.splice(libres.indexOf(ouvrier), 1);
  }

  function renvoyer(ouvrier: Worker): Promise<unknown> {
    oublier(ouvrier);
    return ouvrier.terminate();
  }

  const suivante = (): Commande | undefined => (!ferme && (libres.length > 0 || tous.size < ouvriers) ? file.shift() : undefined);

  function distribuer(): void {
    renoncer();
    for (let commande = suivante(); commande; commande = suivante()) executer(commande, libres.pop() ?? embaucher());
  }

  /** Those in the queue whose callers have gone. */
  function renoncer(): void {
    const commandes = file.splice(0);
    file.push(...commandes.filter((commande) => !commande.signal?.aborted));
    for (const commande of commandes) if (commande.signal?.aborted) commande.finir('abandon', interrompu());
  }

  function executer({ document, signal, finir }: Commande, ouvrier: Worker): void {
    const fin = (issue: IssueDessin, resultat: Uint8Array | AppError, garder: boolean): void => {
      clearTimeout(montre);
      signal?.removeEventListener('abort', abandonner);
      ouvrier.off('message', rendre).off('error', tomber).off('exit', tomber);
      if (garder && !ferme) libres.push(ouvrier);
      else void renvoyer(ouvrier);
      finir(issue, resultat);
      distribuer();
    };
    const rendre = (dessin: Dessin): void => ('octets' in dessin ? fin('dessine', dessin.octets, true) : fin('echec', impossible(dessin.erreur), true));
    const tomber = (cause: unknown): void => fin('echec', interrompu(cause), false);
    const abandonner = (): void => fin('abandon', interrompu(), false);
    const montre = setTimeout(() => fin('delai', tropLong(), false), delaiMs);
    ouvrier.on('message', rendre).on('error', tomber).on('exit', tomber);
    signal?.addEventListener('abort', abandonner, { once: true });
    ouvrier.postMessage(document, []);
  }

  return {
    dessiner: (document, signal) =>
      new Promise((resolve, reject) => {
        let patience: NodeJS.Timeout | undefined;
        const finir: Commande['finir'] = (issue, resultat) => {
          clearTimeout(patience);
          compter(issue);
          if (resultat instanceof AppError) reject(resultat);
          else resolve(resultat);
        };
        if (ferme || signal?.aborted) return finir('abandon', interrompu());
        renoncer();
        const place = libres.length > 0 || tous.size < ouvriers;
        if (!place && file.length >= attente) return finir('occupe', occupe());
        const commande: Commande = { document, signal, finir };
        file.push(commande);
        patience = setTimeout(() => {
          const rang = file.indexOf(commande);
          if (rang >= 0) file.splice(rang, 1)[0]?.finir('occupe', occupe());
        }, delaiMs);
        distribuer();
      }),
    async close() {
      ferme = true;
      for (const commande of file.splice(0)) commande.finir('abandon', interrompu());
      const renvois = [...tous].map((ouvrier) => renvoyer(ouvrier));
      await Promise.all(renvois);
    },
  };
}
