import { auteurDe, quiAgit, type Acteur } from '@mediai/kit/acteur';
import { invalid, notFound, toAppError, type FieldErrors } from '@mediai/kit/errors';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { exiger, mayDirectly, voitSansEtablissement } from '../acces/acces.ts';
import type { FiltreWebhooks, WebhookNomme, WebhookStore } from './webhook-store.ts';
import { eventTypes, processingStatuses } from './webhook.ts';

export type ListWebhooksCommand = Page & { status: string | undefined; eventType: string | undefined };

export type ReadWebhooksDeps = {
  webhooks: Pick<WebhookStore, 'list' | 'find' | 'noteLecture'>;
  /** Has consultation judge, and keep, that the actor opens a fiche. @throws AppError forbidden, not_found, unavailable */
  openFiche: (id: number, acteur: Acteur, motif: string | undefined) => Promise<void>;
  /** The same for the fiches of a page: those that the actor may see without a reason. @throws AppError unavailable */
  openFiches: (ids: readonly number[], acteur: Acteur) => Promise<ReadonlySet<number>>;
};

export type ReadWebhooks = ReturnType<typeof createReadWebhooks>;

/** The events of the provider, as médecins and admins may read them: what is about a fiche opens it, and its patient is told. */
export function createReadWebhooks({ webhooks, openFiche, openFiches }: ReadWebhooksDeps) {
  return {
    /** Newest first; what consultation does not let the actor open is left out. @throws AppError forbidden, invalid, unavailable */
    async list(acteur: Acteur, { status, eventType, ...page }: ListWebhooksCommand): Promise<{ webhooks: WebhookNomme[] } & Compte> {
      exiger(acteur, 'lister_webhooks');
      const filtre = readFiltre(status, eventType);
      const portee = { etablissementId: acteur.etablissementId, avecSansEtablissement: voitSansEtablissement(acteur), medecinId: quiAgit(acteur) === 'medecin' ? acteur.id : null };
      const { webhooks: trouves, ...compte } = await webhooks.list(portee, filtre, lirePage(page));
      const fiches = [...new Set(trouves.flatMap(({ relatedFicheId }) => relatedFicheId ?? []))];
      const ouvertes = fiches.length > 0 ? await openFiches(fiches, acteur) : new Set<number>();
      return { webhooks: trouves.filter(({ relatedFicheId }) => relatedFicheId === null || ouvertes.has(relatedFicheId)), ...compte };
    },

    /** @throws AppError forbidden (also `acces.motif_requis`), not_found, unavailable */
    async get(acteur: Acteur, id: number, motif: string | undefined): Promise<WebhookNomme> {
      exiger(acteur, 'lire_webhook');
      const webhook = await webhooks.find(id);
      if (!webhook || mayDirectly(acteur, 'lire_webhook', webhook) !== 'oui') throw notFound();
      if (webhook.relatedFicheId === null) await webhooks.noteLecture(auteurDe(acteur), webhook);
      else await openFiche(webhook.relatedFicheId, acteur, motif).catch(asOurs);
      return webhook;
    },
  };
}

/** A fiche that is not there for the actor is an event that is not. */
function asOurs(thrown: unknown): never {
  throw toAppError(thrown).kind === 'not_found' ? notFound() : thrown;
}

function readFiltre(status: string | undefined, eventType: string | undefined): FiltreWebhooks {
  const fields: FieldErrors = {};
  const isOf = <T extends string>(choices: readonly T[], field: string, value: string | undefined): T | undefined => {
    if (value === undefined || value === '') return undefined;
    if (!(choices as readonly string[]).includes(value)) fields[field] = [`Valeur attendue : ${choices.join(', ')}.`];
    return value as T;
  };
  const filtre = { status: isOf(processingStatuses, 'status', status), eventType: isOf(eventTypes, 'event_type', eventType) };
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return filtre;
}
