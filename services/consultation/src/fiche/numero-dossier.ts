import { FUSEAU_SUITE, jourEtHeure } from './jour.ts';

/** How many numbers a process takes at once; those left at its end or at midnight are gaps. */
export const TAILLE_BLOC = 20;

type Bloc = { readonly jour: string; suivant: number; readonly dernier: number };

/** What a dossier number looks like. */
export const NUMERO_DOSSIER = /^CONS-\d{8}-\d{3,}$/;

/** `CONS-YYYYMMDD-NNN`: at least three digits, the thousandth is `-1000`. */
export function ecrireNumero(jour: string, numero: number): string {
  return `CONS-${jour.replaceAll('-', '')}-${String(numero).padStart(3, '0')}`;
}

/**
 * Gives dossier numbers of the Lubumbashi day, from blocks taken outside of any transaction: a counter row inside the
 * creating transaction would make all creations wait for each other. Unique over all processes; gaps happen.
 *
 * @param prendreBloc takes `taille` numbers of a day at once and returns the last of them
 */
export function createNumerosDossier({ prendreBloc, taille = TAILLE_BLOC }: { prendreBloc: (jour: string, taille: number) => Promise<number>; taille?: number }) {
  let bloc: Bloc | undefined;
  let prise: { jour: string; fin: Promise<void> } | undefined;

  async function renouveler(jour: string): Promise<void> {
    try {
      const dernier = await prendreBloc(jour, taille);
      bloc = { jour, suivant: dernier - taille + 1, dernier };
    } finally {
      prise = undefined;
    }
  }

  return async (instant: Date): Promise<string> => {
    const { jour } = jourEtHeure(instant, FUSEAU_SUITE);
    for (;;) {
      if (bloc?.jour === jour && bloc.suivant <= bloc.dernier) return ecrireNumero(jour, bloc.suivant++);
      if (prise && prise.jour !== jour) await prise.fin;
      else await (prise ??= { jour, fin: renouveler(jour) }).fin;
    }
  };
}

export type NumerosDossier = ReturnType<typeof createNumerosDossier>;
