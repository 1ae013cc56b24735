import type { Logger } from '@mediai/kit/log';
import { runWithTraceparent } from '@mediai/kit/telemetry';
import type { FindContact } from '../contact/contact.ts';
import { toE164 } from '../contact/phone.ts';
import type { DeliveryStore } from '../delivery/delivery-store.ts';
import { retryDelayMs, type NewDelivery } from '../delivery/delivery.ts';
import type { AnnonceStore } from './annonce-store.ts';
import { appointmentKey, ficheKey, type Annonce, type Issue } from './annonce.ts';

/** What consultation says of whom to tell about a fiche. */
export type Destinataire = { telephone: string | null; prenom: string; numeroDossier: string; userId: number | null; contenuCle: string; status: string; etablissementId: number };

export type ResolveAnnonceDeps = {
  annonces: Pick<AnnonceStore, 'finish' | 'postpone'>;
  deliveries: Pick<DeliveryStore, 'openFromAnnonce'>;
  /** Undefined when there is no such fiche (any more). */
  askDestinataire: (ficheId: number) => Promise<Destinataire | undefined>;
  findContact: FindContact;
  zoneOf: (etablissementId: number) => Promise<string>;
  /** Called once a delivery waits. */
  opened: () => void;
  log: Logger;
  clock: () => Date;
};

type Recipient = Pick<NewDelivery, 'cle' | 'telephone' | 'prenom' | 'numeroDossier' | 'userId' | 'etablissementId'>;

/**
 * Makes a delivery of an announcement: asks who is to be told, then opens the delivery in the transaction that ends the
 * announcement. While a service that must be asked is away it is tried again, up to every 5 min.
 */
export function createResolveAnnonce(deps: ResolveAnnonceDeps): (annonce: Annonce) => Promise<void> {
  async function resolve(annonce: Annonce): Promise<void> {
    const found = annonce.ficheId === null ? await ofUser(annonce) : await ofFiche(annonce.ficheId);
    if (typeof found === 'string') {
      deps.log.info({ fiche_id: annonce.ficheId ?? undefined, appointment_id: annonce.appointmentId ?? undefined, reason: found }, 'nobody to tell');
      return deps.annonces.finish(annonce.id, found);
    }
    const { modele, ficheId, appointmentId, appointmentVersion, debut } = annonce;
    const fuseau = await deps.zoneOf(found.etablissementId);
    await deps.deliveries.openFromAnnonce({ ...found, canal: 'whatsapp', modele, ficheId, appointmentId, appointmentVersion, debut, fuseau }, annonce.id, deps.clock());
    deps.opened();
  }

  async function ofFiche(ficheId: number): Promise<Recipient | Exclude<Issue, 'envoyee'>> {
    const destinataire = await deps.askDestinataire(ficheId);
    if (destinataire?.status !== 'valide_medecin') return 'sans_objet';
    const { prenom, numeroDossier, userId, etablissementId } = destinataire;
    const telephone = toE164(destinataire.telephone) ?? (userId === null ? undefined : (await deps.findContact(userId))?.telephone);
    return telephone ? { cle: ficheKey(ficheId, destinataire.contenuCle), telephone, prenom, numeroDossier, userId, etablissementId } : 'sans_telephone';
  }

  async function ofUser(annonce: Annonce): Promise<Recipient | Exclude<Issue, 'envoyee'>> {
    const contact = annonce.userId === null ? undefined : await deps.findContact(annonce.userId);
    if (!contact?.telephone) return 'sans_telephone';
    return { cle: appointmentKey(annonce), telephone: contact.telephone, prenom: contact.prenom, numeroDossier: null, userId: annonce.userId, etablissementId: annonce.etablissementId };
  }

  return (annonce) =>
    runWithTraceparent(annonce.traceparent ?? undefined, async () => {
      try {
        await resolve(annonce);
      } catch (err) {
        const delayMs = retryDelayMs(annonce.attempts);
        deps.log.warn({ fiche_id: annonce.ficheId ?? undefined, appointment_id: annonce.appointmentId ?? undefined, attempt: annonce.attempts, delay_ms: Math.round(delayMs), err }, 'recipient not known yet, will be asked again');
        await deps.annonces.postpone(annonce.id, new Date(deps.clock().getTime() + delayMs));
      }
    });
}
