import type { Acteur } from '@mediai/kit/acteur';
import { exigerGeste, type Geste } from '../acces/gestes.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';
import { dejaDecide, exigerEffacable, introuvable, lireMotif, type CompteAEffacer, type Effacement } from './effacement.ts';
import type { EffacementStore } from './ports.ts';
import { vueEffacement, type VueEffacement } from './vue-effacement.ts';

type Needs = {
  effacements: Pick<EffacementStore, 'find' | 'noter' | 'refuser' | 'accepter' | 'conclure'>;
  annuaire: Pick<Annuaire, 'nommer'>;
  /** The account as auth has it; undefined where auth knows none. @throws AppError unavailable while auth is away */
  lireCompte: (userId: number) => Promise<CompteAEffacer | undefined>;
  /** Closes an account, with the admin's own token; one that is closed already is closed. @throws AppError unavailable while auth is away */
  fermerCompte: (userId: number, token: string) => Promise<void>;
  clock: Horloge;
};

/** Deciding on requests to erase: for admins of the établissement in which they were made. */
export function createDecideEffacement({ effacements, annuaire, lireCompte, fermerCompte, clock }: Needs) {
  async function trouver(acteur: Acteur, geste: Geste, id: number): Promise<Effacement> {
    exigerGeste(acteur, geste);
    const demande = await effacements.find(id);
    if (demande?.etablissement_id === acteur.etablissementId) return demande;
    if (demande) await effacements.noter(demande, { acteur, action: geste, issue: 'refus' });
    throw introuvable();
  }
  const vueDe = async (demande: Effacement): Promise<VueEffacement> => vueEffacement(demande, await annuaire.nommer([demande.user_id]));
  const gagnee = (demande: Effacement | 'perdue' | undefined): Effacement => {
    if (demande === 'perdue' || demande === undefined) throw dejaDecide();
    return demande;
  };

  return {
    /** @throws AppError invalid without a reason, conflict `effacement.deja_decide` */
    async refuser({ acteur, id, motif }: { acteur: Acteur; id: number; motif: string }): Promise<VueEffacement> {
      const demande = await trouver(acteur, 'effacement.refuser', id);
      const raison = lireMotif(motif, { requis: true }) ?? '';
      if (demande.statut !== 'en_attente') throw dejaDecide();
      const acte = { acteur, action: 'effacement.refuser' };
      return vueDe(gagnee(await effacements.refuser(id, { par: acteur.id, le: clock(), motif: raison, acte })));
    },
    /**
     * Pseudonymises, then closes the account, outside of the transaction. Where auth went away in between the request
     * stays `acceptee`, and accepting it again goes on from there; an erased one is answered as it is.
     * @throws AppError conflict `effacement.deja_decide`, what `exigerEffacable` throws, unavailable while auth is away
     */
    async accepter({ acteur, id }: { acteur: Acteur; id: number }): Promise<VueEffacement> {
      const demande = await trouver(acteur, 'effacement.accepter', id);
      if (demande.statut === 'refusee') throw dejaDecide();
      if (demande.statut === 'effacee') return vueDe(demande);
      const compte = await lireCompte(demande.user_id);
      if (compte) exigerEffacable(demande, compte, acteur);
      const decision = { par: acteur.id, le: clock() };
      if (demande.statut === 'en_attente') gagnee(await effacements.accepter(id, { ...decision, noms: compte?.noms ?? [], acte: { acteur, action: 'effacement.accepter' } }));
      await fermerCompte(demande.user_id, acteur.token);
      return vueDe(gagnee(await effacements.conclure(id, { ...decision, le: clock(), acte: { acteur, action: 'effacement.conclure' } })));
    },
  };
}

export type DecideEffacement = ReturnType<typeof createDecideEffacement>;
