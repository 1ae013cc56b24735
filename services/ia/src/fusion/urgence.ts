import { rangUrgence, URGENCES, type Urgence, type VoteDeVoix } from '../voix/vote.ts';

/** What the voices together say of urgency. */
export type AvisUrgence = {
  /** Level to which the voices raise; undefined when none of them rests on a field of the fiche. */
  urgence: Urgence | undefined;
  /** One voice stands alone above the others. */
  voixSeule: boolean;
  /** Voices, the rules included, are two levels apart or more. */
  ecart: boolean;
};

/** A level that rests on nothing raises nothing: the voice must cite a field that speaks for a hypothesis. */
const citeUnChamp = ({ vote }: VoteDeVoix): boolean => vote.hypotheses.some((h) => h.arguments_pour.length > 0);

/**
 * Two voices that agree, each citing a field of the fiche, raise by any amount; one voice alone raises to orange at most.
 * The higher of this and of the rules counts: voices never lower.
 *
 * @param votes valid votes, one per vendor
 * @param regles level of the rules
 */
export function jugerUrgence(votes: readonly VoteDeVoix[], regles: Urgence): AvisUrgence {
  const fondes = votes.filter(citeUnChamp).map(({ vote }) => rangUrgence(vote.urgence)).sort((a, b) => b - a);
  const [premier, second = -1] = fondes;
  const tous = [...votes.map(({ vote }) => rangUrgence(vote.urgence)), rangUrgence(regles)];
  return {
    urgence: premier === undefined ? undefined : URGENCES[Math.max(second, Math.min(premier, rangUrgence('orange')))],
    voixSeule: premier !== undefined && premier > Math.max(second, rangUrgence(regles)),
    ecart: votes.length > 0 && Math.max(...tous) - Math.min(...tous) >= 2,
  };
}
