import { AppError, invalid } from '@mediai/kit/errors';
import type { Cle, Journal } from '../acces/journal.ts';
import type { Lecture, OpenFiche } from '../fiche/open-fiche.ts';

export interface SendNotification extends Lecture {
  /** whatsapp or sms. */
  readonly canal: string;
  readonly forceResend: boolean;
  readonly idempotence?: (Omit<Cle, 'acteurId'> & { readonly ecrire: (envoye: Envoye) => Uint8Array }) | undefined;
}

const CANAUX = ['whatsapp', 'sms'] as const;
export type Canal = (typeof CANAUX)[number];

/** What came of it. */
export type Envoye = Livraison & { readonly success: boolean; readonly detail: string };

/** A message that a fiche is ready; whom to tell of it notifications asks of this service. */
export interface Envoi {
  readonly canal: Canal;
  readonly ficheId: number;
  readonly forceResend: boolean;
  readonly etablissementId: number;
}

export interface Livraison {
  readonly messageSid: string | null;
  /** en_attente, en_cours, envoye, livre, echec or inconnu. */
  readonly etat: string;
  readonly dejaEnvoye: boolean;
}

/** Hands a message to notifications, for the actor whose token is given. @throws AppError unavailable */
export type Envoyer = (envoi: Envoi, appel: { token: string }) => Promise<Livraison>;

type Needs = { openFiche: OpenFiche; journal: Pick<Journal, 'rejouer' | 'engager' | 'conclure' | 'abandonner'>; envoyer: Envoyer };

/**
 * Tells the patient by WhatsApp or SMS that the fiche is ready; nothing clinical is in the message. The same content is
 * sent once within the hour over each channel unless it is forced. The act is noted and its key taken before notifications
 * is called, outside of any transaction; a failure is noted too, and frees the key.
 * @throws AppError invalid (`method`, `fiche.sans_telephone`, a channel that is not there), forbidden, not_found, unavailable
 */
export function createSendNotification({ openFiche, journal, envoyer }: Needs) {
  return async (demande: SendNotification): Promise<{ envoye: Envoye } | { rejouee: Uint8Array }> => {
    const { acteur, idempotence } = demande;
    const { fiche, acte } = await openFiche('envoyer', demande);
    const cle = idempotence && { acteurId: acteur.id, route: idempotence.route, cle: idempotence.cle, corps: idempotence.corps };
    const canal = lireCanal(demande.canal);
    const premiere = cle && (await journal.rejouer(cle));
    if (premiere) return { rejouee: premiere };
    if (fiche.telephone_e164 === null && fiche.user === null) {
      throw new AppError('invalid', 'fiche.sans_telephone', "Le numéro de téléphone de cette fiche n'est pas un numéro valide.");
    }
    const rejouee = await journal.engager(fiche, acte, cle);
    if (rejouee) return { rejouee };
    const envoi = { canal, ficheId: fiche.id, forceResend: demande.forceResend, etablissementId: fiche.etablissement_id };
    const livraison = await envoyer(envoi, { token: acteur.token }).catch(async (error: unknown) => {
      await journal.abandonner(fiche, acte, cle);
      throw error;
    });
    const envoye = { ...livraison, ...resultat(livraison) };
    if (cle && idempotence) await journal.conclure(cle, idempotence.ecrire(envoye));
    return { envoye };
  };
}

function lireCanal(texte: string): Canal {
  const canal = CANAUX.find((connu) => connu === texte);
  if (!canal) throw invalid({ method: ['Valeur attendue : sms, whatsapp.'] });
  return canal;
}

function resultat({ messageSid, etat, dejaEnvoye }: Livraison): { success: boolean; detail: string } {
  if (etat === 'echec') return { success: false, detail: "Le message n'a pas pu être envoyé." };
  if (messageSid === null) return { success: false, detail: 'Le message est en attente : il sera envoyé dès que possible.' };
  return { success: true, detail: dejaEnvoye ? 'Ce message a déjà été envoyé.' : 'Message envoyé.' };
}
