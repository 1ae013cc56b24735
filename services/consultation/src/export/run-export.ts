import { randomUUID } from 'node:crypto';
import { isAway } from '@mediai/kit/errors';
import type { DepotFichiers } from '../fichier/ports.ts';
import type { Horloge } from '../fiche/ports.ts';
import { ESSAIS_MAX, GARDE_MS, pauseApres, progressionDe, type CodeErreur, type ExportEnBail } from './export.ts';
import type { Colonne, Valeur } from './format/colonne.ts';
import { FORMATS } from './format/formats.ts';
import type { ExportStore, FiltreLignes, LignesFiches } from './ports.ts';
import { ecrireSegment, lireSegment } from './segment.ts';

/** `reportee`: to be taken up again; `perdue`: somebody else holds it. */
export type IssueExport = 'terminee' | 'echouee' | 'reportee' | 'perdue';

/** Rows of a segment. */
const LIGNES = 2_000;

type Needs = {
  exports: Pick<ExportStore, 'commencer' | 'annoncer' | 'garderSegment' | 'listSegments' | 'terminer' | 'echouer' | 'reporter'>;
  lignes: LignesFiches;
  colonnes: (options: { personnelles: boolean }) => readonly Colonne[];
  /** All that is kept of a person, as a JSON document. */
  donneesPersonnelles: (userId: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  depot: Pick<DepotFichiers, 'ecrire' | 'lire'>;
  clock: Horloge;
  /** Called with each batch of rows that was kept. */
  onLignes: (lignes: number) => void;
  /** Told of what went wrong; it is not told to who asked. */
  onErreur: (exportId: number, error: unknown) => void;
  lignesParSegment?: number;
};

/** Somebody else holds the export: nothing of it may be written any more. */
class BailPerdu extends Error {
  override readonly name = 'BailPerdu';
}

const tenu = (oui: boolean): void => {
  if (!oui) throw new BailPerdu();
};

/**
 * Makes an export, or goes on with it where it was left: rows by id in segments, each kept with its place, then the file
 * from the segments. Whoever is killed in between loses the segment in hand at most. What goes wrong is tried again some
 * times, then ends the export with a code.
 */
export function createRunExport(needs: Needs) {
  const { exports, depot, clock, onLignes, lignesParSegment = LIGNES } = needs;

  async function ecrire(bail: ExportEnBail, nom: string, contenu: AsyncIterable<Uint8Array>): Promise<{ cle: string; taille: number }> {
    const cle = `exports/${bail.id}/${randomUUID()}.${nom}`;
    tenu(await exports.annoncer(bail, cle, clock()));
    return { cle, ...(await depot.ecrire(cle, contenu)) };
  }

  async function lireFiches(bail: ExportEnBail, signal: AbortSignal, garde: () => void): Promise<void> {
    const filtre = filtreDe(bail);
    const bornes = bail.borne_id === null ? await needs.lignes.compter(filtre) : { total: bail.records_total ?? 0, borne: bail.borne_id };
    if (bail.borne_id === null) tenu(await exports.commencer(bail, bornes));
    let { curseur_id: apres, segments: rang, records_count: lues } = bail;
    for (;;) {
      signal.throwIfAborted();
      const { lignes, ids } = await needs.lignes.lire(filtre, { apres, borne: bornes.borne, limite: lignesParSegment, personnelles: bail.include_personal_data });
      if (lignes.length === 0) return;
      const { cle } = await ecrire(bail, 'segment', ecrireSegment(lignes));
      apres = ids.at(-1) ?? apres;
      lues += lignes.length;
      const fiches = ids.map((id) => ({ id, etablissement_id: bail.etablissement_id }));
      const segment = { cle, lignes: lignes.length, rang: ++rang, curseur: apres, progression: progressionDe(lues, bornes.total) };
      tenu(await exports.garderSegment(bail, segment, bail.include_personal_data ? { acteur: { id: bail.created_by }, fiches } : undefined));
      garde();
      onLignes(lignes.length);
    }
  }

  async function ecrireFiches(bail: ExportEnBail, signal: AbortSignal): Promise<void> {
    const segments = await exports.listSegments(bail.id);
    const colonnes = needs.colonnes({ personnelles: bail.include_personal_data });
    const total = segments.reduce((somme, { lignes }) => somme + lignes, 0);
    const { ecrire: ecrireTable, extension } = FORMATS[bail.export_format];
    async function* lots(): AsyncGenerator<Valeur[][]> {
      for (const { cle } of segments) {
        for await (const lot of lireSegment(await depot.lire(cle), colonnes)) {
          signal.throwIfAborted();
          yield lot;
        }
      }
    }
    const fichier = await ecrire(bail, extension, ecrireTable(colonnes, lots(), total));
    await terminer(bail, { ...fichier, lignes: total });
  }

  async function ecrirePersonne(bail: ExportEnBail, signal: AbortSignal): Promise<void> {
    await terminer(bail, { ...(await ecrire(bail, 'json', needs.donneesPersonnelles(bail.created_by, signal))), lignes: 1 });
  }

  async function terminer(bail: ExportEnBail, fichier: { cle: string; taille: number; lignes: number }): Promise<void> {
    const maintenant = clock();
    tenu(await exports.terminer(bail, maintenant, { ...fichier, expireLe: new Date(maintenant.getTime() + GARDE_MS) }));
  }

  return async (bail: ExportEnBail, signal: AbortSignal): Promise<IssueExport> => {
    let { essais } = bail;
    if (essais > ESSAIS_MAX) return (await exports.echouer(bail, clock(), 'export.interrompu')) ? 'echouee' : 'perdue';
    try {
      if (bail.genre === 'personnel') await ecrirePersonne(bail, signal);
      else {
        await lireFiches(bail, signal, () => (essais = 1));
        await ecrireFiches(bail, signal);
      }
      return 'terminee';
    } catch (error) {
      if (error instanceof BailPerdu) return 'perdue';
      const aborted = signal.aborted;
      if (!aborted) needs.onErreur(bail.id, error);
      if (!aborted && essais >= ESSAIS_MAX) return (await exports.echouer(bail, clock(), codeDe(error))) ? 'echouee' : 'perdue';
      await exports.reporter(bail, new Date(clock().getTime() + (aborted ? 0 : pauseApres(essais))), { compter: !aborted });
      return 'reportee';
    }
  };
}

const codeDe = (error: unknown): CodeErreur => (isAway(error) ? 'export.indisponible' : 'export.echec');

const filtreDe = ({ etablissement_id: etablissementId, date_start: dateStart, date_end: dateEnd, filters: filtres }: ExportEnBail): FiltreLignes => ({
  etablissementId, dateStart: dateStart ?? '', dateEnd: dateEnd ?? '', filtres,
});
