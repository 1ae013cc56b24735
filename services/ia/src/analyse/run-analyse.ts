import type { AppError } from '@mediai/kit/errors';
import type { Logger } from '@mediai/kit/log';
import { fusionner, type Fusion } from '../fusion/fusionner.ts';
import { lireSynthese, schemaSynthese } from '../fusion/synthese.ts';
import { avertissements, echapper, marquerSimulation, tableauEnTexte, texteDeVoix, texteSynthese, type SectionsSynthese } from '../fusion/texte.ts';
import type { Compteurs } from '../metrics.ts';
import { lireVote } from '../voix/lire-vote.ts';
import { CONSIGNE_SYNTHESE, CONSIGNE_VOIX, PROMPT_VERSION, promptSynthese, promptVoix, type LigneClinique } from '../voix/prompt.ts';
import { VoixError } from '../voix/voix-error.ts';
import type { Voix } from '../voix/voix.ts';
import { schemaVote, type RoleVoix, type Urgence, type VoteDeVoix } from '../voix/vote.ts';
import type { AnalyseEnBail, Avis, CodeEchec, FicheClinique } from './analyse.ts';
import type { AnalyseStore } from './analyse-store.ts';
import { resumeClinique } from './resume.ts';

export type RunAnalyseDeps = {
  store: AnalyseStore;
  /** Asks consultation what the models may see; throws AppError. */
  fetchFiche: (ficheId: number, signal: AbortSignal) => Promise<FicheClinique>;
  /** The voices that are enabled. */
  voix: readonly Voix[];
  /** Voice that words the synthesis when it gave a valid answer itself. */
  voixSynthese: RoleVoix;
  /** Most time from the first attempt to the end. */
  delaiTotalMs: number;
  now?: () => number;
  log: Logger;
  compteurs: Compteurs;
};

export type Issue = 'terminee' | 'echouee' | 'reportee' | 'perdue';

/** While every voice that could still answer is cut off by its breaker, the analysis waits this long before it looks again. */
const DISJONCTEUR_MS = 5_000;

/** Failures that leave nobody waiting. */
const sansObjet: ReadonlySet<CodeEchec> = new Set(['ia.consentement_absent', 'ia.fiche_introuvable']);

/** Consultation has no such fiche for us, and asking again will not change that. */
const definitif = (erreur: AppError): boolean => erreur.kind === 'not_found';

/**
 * Carry one leased analysis as far as it goes: read the fiche, ask the voices that have not answered yet, merge, word,
 * end. What was stored before an interruption is kept and not asked again. Consent is judged anew by each attempt before
 * the voices are asked, and again before one of them words: without it no model is asked any more.
 *
 * @returns how it ended; `reportee` when it was given back to be taken up later, `perdue` when the lease was lost
 */
export function createRunAnalyse(deps: RunAnalyseDeps): (bail: AnalyseEnBail, signal: AbortSignal) => Promise<Issue> {
  const { store, voix, log, now = Date.now } = deps;

  return async function run(bail, signal) {
    const echouer = async (code: CodeEchec): Promise<Issue> => {
      const fini = await store.finish(bail, { etat: 'echouee', code, voixDemandees: voix.length, simulation: voix.some((v) => v.simulee) });
      if (fini) {
        deps.compteurs.fin(sansObjet.has(code) ? 'sans_objet' : 'echouee', now() - bail.demandeeLe.getTime());
        log.warn({ analyse_id: bail.id, fiche_id: bail.ficheId, task_id: bail.taskId, code }, 'analysis failed');
      }
      return fini ? 'echouee' : 'perdue';
    };
    const resteMs = bail.commenceeLe.getTime() + deps.delaiTotalMs - now();
    if (resteMs <= 0) return echouer('ia.delai_depasse');
    if (voix.length === 0) return echouer('ia.aucune_voix_active');

    const lue = await readFiche(deps, bail, signal);
    if (lue === 'reportee') return 'reportee';
    if (lue === 'introuvable') return echouer('ia.fiche_introuvable');
    if (!lue.iaPermise) return echouer('ia.consentement_absent');

    const contenu = bail.contenu ?? lue;
    if (!bail.contenu && !(await store.saveContent(bail, lue, resumeClinique(lue.lignes), PROMPT_VERSION))) return 'perdue';
    const echeance = AbortSignal.timeout(resteMs);
    const limite = AbortSignal.any([signal, echeance]);
    const avis = await askVoices(deps, bail, contenu.lignes, limite);
    if (signal.aborted) return reporter(deps, bail, 0);

    const votes = avis.flatMap(({ role, vote }): VoteDeVoix[] => (vote ? [{ role, vote }] : []));
    if (votes.length === 0 && !echeance.aborted && avis.length < voix.length) return reporter(deps, bail, DISJONCTEUR_MS);
    if (votes.length === 0) return echouer(echeance.aborted ? 'ia.delai_depasse' : 'ia.aucune_voix_valide');
    const permise = await isPermitted(deps, bail, signal);
    if (permise === false) return echouer('ia.consentement_absent');
    return conclude(deps, bail, { avis, votes, urgenceRegles: contenu.urgenceRegles, permise }, limite, signal);
  };
}

async function readFiche(deps: RunAnalyseDeps, bail: AnalyseEnBail, signal: AbortSignal): Promise<FicheClinique | 'reportee' | 'introuvable'> {
  try {
    return await deps.fetchFiche(bail.ficheId, signal);
  } catch (thrown) {
    if (definitif(thrown as AppError)) return 'introuvable';
    const delaiMs = Math.min(15_000, 250 * 2 ** Math.min(bail.essais - 1, 6)) * (0.5 + Math.random());
    deps.log.warn({ analyse_id: bail.id, fiche_id: bail.ficheId, attempt: bail.essais, delay_ms: Math.round(delaiMs), err: thrown }, 'fiche could not be read, analysis put off');
    return reporter(deps, bail, signal.aborted ? 0 : Math.round(delaiMs));
  }
}

/** Whether a model may still be given what is known of this fiche; undefined while consultation cannot say. */
async function isPermitted({ fetchFiche, log }: RunAnalyseDeps, bail: AnalyseEnBail, signal: AbortSignal): Promise<boolean | undefined> {
  try {
    return (await fetchFiche(bail.ficheId, signal)).iaPermise;
  } catch (err) {
    log.warn({ analyse_id: bail.id, fiche_id: bail.ficheId, err }, 'consent could not be asked, no model words the synthesis');
    return undefined;
  }
}

async function reporter({ store }: RunAnalyseDeps, bail: AnalyseEnBail, delaiMs: number): Promise<'reportee'> {
  await store.postpone(bail, delaiMs);
  return 'reportee';
}

/** Every voice in parallel, each stored as it comes; those that have answered before are not asked. */
async function askVoices(deps: RunAnalyseDeps, bail: AnalyseEnBail, lignes: readonly LigneClinique[], limite: AbortSignal): Promise<Avis[]> {
  const donnes = await deps.store.listAvis(bail.id);
  const manquantes = deps.voix.filter((v) => !donnes.some((a) => a.role === v.role));
  const texte = promptVoix(lignes);
  const champs = new Set(lignes.map((l) => l.champ));
  const nouveaux = await Promise.all(manquantes.map((v) => askVoice(deps, bail, v, { texte, champs }, limite)));
  return [...donnes, ...nouveaux.filter((a) => a !== undefined)];
}

async function askVoice(deps: RunAnalyseDeps, bail: AnalyseEnBail, voix: Voix, { texte, champs }: { texte: string; champs: ReadonlySet<string> }, limite: AbortSignal): Promise<Avis | undefined> {
  const debut = performance.now();
  const commun = { role: voix.role, fournisseur: voix.fournisseur, modele: voix.modele, simulation: voix.simulee };
  const mesure = () => ({ dureeMs: Math.round(performance.now() - debut) });
  let avis: Avis;
  try {
    const reponse = await voix.demander({ consigne: CONSIGNE_VOIX, texte, schema: schemaVote, nomSchema: 'avis' }, limite);
    const lu = lireVote(reponse, champs);
    const { modele, tentatives, jetonsEntree, jetonsSortie } = reponse;
    avis = { ...commun, modele, tentatives, jetonsEntree, jetonsSortie, ...mesure(), resultat: 'vote' in lu ? 'valide' : lu.faute, vote: 'vote' in lu ? lu.vote : undefined };
  } catch (thrown) {
    if (!(thrown instanceof VoixError)) throw thrown;
    // Ended by us, by a stop or by the deadline of the whole analysis, or never sent: that is no answer of the voice.
    if (thrown.genre === 'annule' || (thrown.genre === 'disjoncteur' && thrown.tentatives === 0)) return undefined;
    avis = { ...commun, tentatives: thrown.tentatives, jetonsEntree: 0, jetonsSortie: 0, ...mesure(), resultat: thrown.genre, vote: undefined };
  }
  deps.compteurs.voix(voix.role, avis.resultat, avis.dureeMs);
  deps.log.info({ analyse_id: bail.id, voice: voix.role, model: avis.modele, state: avis.resultat, attempt: avis.tentatives, duration_ms: avis.dureeMs, tokens: avis.jetonsSortie }, 'voice answered');
  await deps.store.saveAvis(bail, avis, avis.vote && echapper(marquerSimulation(texteDeVoix(voix.role, avis.vote), voix.simulee)));
  return avis;
}

type Recolte = { avis: readonly Avis[]; votes: readonly VoteDeVoix[]; urgenceRegles: Urgence; permise: boolean | undefined };

async function conclude(deps: RunAnalyseDeps, bail: AnalyseEnBail, { avis, votes, urgenceRegles, permise }: Recolte, limite: AbortSignal, signal: AbortSignal): Promise<Issue> {
  const fusion = fusionner(votes, urgenceRegles);
  const redactrice = deps.voix.find((v) => v.role === deps.voixSynthese && fusion.voixValides.includes(v.role)) ?? deps.voix.find((v) => fusion.voixValides.includes(v.role));
  const redaction = permise && redactrice ? await word(deps, bail, redactrice, fusion, limite) : undefined;
  if (signal.aborted) return reporter(deps, bail, 0);
  const simulation = avis.some((a) => a.simulation && a.vote) || Boolean(redaction && redactrice?.simulee);
  const fini = await deps.store.finish(bail, {
    etat: 'terminee',
    voixDemandees: deps.voix.length,
    voixValides: votes.length,
    urgenceIa: fusion.urgence.urgence,
    relecturePrioritaire: avertissements(fusion).length > 0 || fusion.urgence.voixSeule,
    simulation,
    synthesePar: redaction && redactrice?.role,
    fusion,
    synthese: echapper(texteSynthese(fusion, redaction, simulation)),
  });
  if (fini) {
    deps.compteurs.fin('terminee', (deps.now ?? Date.now)() - bail.demandeeLe.getTime());
    deps.compteurs.accord({ tiennent: fusion.hypotheses[0]?.voix.length ?? 0, valides: fusion.voixValides.length });
    deps.log.info({ analyse_id: bail.id, fiche_id: bail.ficheId, task_id: bail.taskId, count: votes.length }, 'analysis completed');
  }
  return fini ? 'terminee' : 'perdue';
}

/** The six sections as a model words them, or undefined: the table is then shown as it is. */
async function word({ compteurs, log }: RunAnalyseDeps, bail: AnalyseEnBail, voix: Voix, fusion: Fusion, limite: AbortSignal): Promise<SectionsSynthese | undefined> {
  const tableau = tableauEnTexte(fusion);
  const debut = performance.now();
  let resultat = 'valide';
  let sections: SectionsSynthese | undefined;
  try {
    const reponse = await voix.demander({ consigne: CONSIGNE_SYNTHESE, texte: promptSynthese(tableau), schema: schemaSynthese, nomSchema: 'synthese' }, limite);
    sections = lireSynthese(reponse, tableau);
    if (!sections) resultat = 'invalide';
  } catch (thrown) {
    if (!(thrown instanceof VoixError)) throw thrown;
    resultat = thrown.genre;
  }
  const dureeMs = Math.round(performance.now() - debut);
  compteurs.voix('synthese', resultat, dureeMs);
  log.info({ analyse_id: bail.id, voice: 'synthese', model: voix.modele, state: resultat, duration_ms: dureeMs }, 'synthesis worded');
  return sections;
}
