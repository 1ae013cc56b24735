import type { Acteur } from '@mediai/kit/acteur';
import { exigerGeste, type Geste } from '../acces/gestes.ts';
import type { Journal } from '../acces/journal.ts';
import type { Annuaire, Horloge, Nom } from '../fiche/ports.ts';
import type { CleEffacement } from './create-effacement.ts';
import { dejaDecide, exigerEffacable, introuvable, lireMotif, type CompteAEffacer, type Effacement } from './effacement.ts';
import type { EffacementStore, FinEffacement } from './ports.ts';
import { vueEffacement, type VueEffacement } from './vue-effacement.ts';

type Needs = {
  effacements: Pick<EffacementStore, 'find' | 'noter' | 'refuser' | 'accepter' | 'conclure'>;
  journal: Pick<Journal, 'rejouer'>;
  annuaire: Pick<Annuaire, 'nommer'>;
  /** The account as auth has it; undefined where auth knows none. @throws AppError unavailable while auth is away */
  lireCompte: (userId: number) => Promise<CompteAEffacer | undefined>;
  /** Closes an account, with the admin's own token; one that is closed already is closed. @throws AppError unavailable while auth is away */
  fermerCompte: (userId: number, token: string) => Promise<void>;
  clock: Horloge;
};

export interface Decision {
  readonly acteur: Acteur;
  readonly id: number;
  readonly idempotence?: CleEffacement | undefined;
}

/** A request as it now is, or the bytes of the first answer under the same key. */
export type ReponseEffacement = { readonly vue: VueEffacement } | { readonly rejouee: Uint8Array };

/** Deciding on requests to erase: for admins of the établissement in which they were made. */
export function createDecideEffacement({ effacements, journal, annuaire, lireCompte, fermerCompte, clock }: Needs) {
  async function trouver(acteur: Acteur, geste: Geste, id: number): Promise<Effacement> {
    exigerGeste(acteur, geste);
    const demande = await effacements.find(id);
    if (demande?.etablissement_id === acteur.etablissementId) return demande;
    if (demande) await effacements.noter(demande, { acteur, action: geste, issue: 'refus' });
    throw introuvable();
  }
  /** The key of a decision, and its first answer where it was given. */
  async function ouvrir({ acteur, idempotence }: Decision, userId: number) {
    const noms = await annuaire.nommer([userId]);
    const cle = idempotence && { ...idempotence, acteurId: acteur.id, ecrire: (demande: Effacement) => idempotence.ecrire(vueEffacement(demande, noms)) };
    return { noms, cle, premiere: cle && (await journal.rejouer(cle)) };
  }
  const gagnee = <F extends object>(fin: F | 'perdue' | undefined): F => {
    if (fin === 'perdue' || fin === undefined) throw dejaDecide();
    return fin;
  };
  const repondre = (fin: FinEffacement, noms: ReadonlyMap<number, Nom>): ReponseEffacement => ('rejouee' in fin ? fin : { vue: vueEffacement(fin, noms) });

  return {
    /** @throws AppError invalid without a reason, conflict `effacement.deja_decide` */
    async refuser(decision: Decision & { motif: string }): Promise<ReponseEffacement> {
      const { acteur, id } = decision;
      const demande = await trouver(acteur, 'effacement.refuser', id);
      const { noms, cle, premiere } = await ouvrir(decision, demande.user_id);
      if (premiere) return { rejouee: premiere };
      const motif = lireMotif(decision.motif, { requis: true }) ?? '';
      if (demande.statut !== 'en_attente') throw dejaDecide();
      return repondre(gagnee(await effacements.refuser(id, { par: acteur.id, le: clock(), motif, acte: { acteur, action: 'effacement.refuser' }, idempotence: cle })), noms);
    },
    /**
     * Pseudonymises, then closes the account, outside of the transaction. Where auth went away in between the request
     * stays `acceptee`, and accepting it again goes on from there; an erased one is answered as it is.
     * @throws AppError conflict `effacement.deja_decide`, what `exigerEffacable` throws, unavailable while auth is away
     */
    async accepter(decision: Decision): Promise<ReponseEffacement> {
      const { acteur, id } = decision;
      const demande = await trouver(acteur, 'effacement.accepter', id);
      const { noms, cle, premiere } = await ouvrir(decision, demande.user_id);
      if (premiere) return { rejouee: premiere };
      if (demande.statut === 'refusee') throw dejaDecide();
      if (demande.statut === 'effacee') return { vue: vueEffacement(demande, noms) };
      const compte = await lireCompte(demande.user_id);
      if (compte) exigerEffacable(demande, compte, acteur);
      if (demande.statut === 'en_attente') gagnee(await effacements.accepter(id, { par: acteur.id, le: clock(), noms: compte?.noms ?? [], acte: { acteur, action: 'effacement.accepter' } }));
      await fermerCompte(demande.user_id, acteur.token);
      return repondre(gagnee(await effacements.conclure(id, { par: acteur.id, le: clock(), acte: { acteur, action: 'effacement.conclure' }, idempotence: cle })), noms);
    },
  };
}

export type DecideEffacement = ReturnType<typeof createDecideEffacement>;
