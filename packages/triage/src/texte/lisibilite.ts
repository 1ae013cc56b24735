import { CAUSES, MAINTENANT, NEGATIONS, PROCHES, SUJETS, TRANSPARENTS, VERBES_DE_RECIT } from './mots.ts';
import type { Jeton } from './normaliser.ts';
import type { Phrase } from './phrases.ts';

/** Frequent words of French, Swahili and Lingala as patients and clinicians write them: enough to tell a text that can be read. */
const CONNUS = new Set(`a au aux avec bien bon bonne ce cet cette ces chez contre dans de des du depuis elle en entre est et fait il ils je jour jours la le les leur lui ma mais mal me mes moi mois mon ne nous
on ou par pas peu plus pour quand que qui sa sans se semaine semaines ses si son sont suis sur tout tous toute toutes tres trop un une vers vous y ai as avons ont etait jusque aussi apres avant alors comme donc
heure heures nuit matin soir hier fois debut rien peut peux dois veut veux avoir etre faire va vais vient viens aller venir prendre pris prend prends mange manger boire dormir dort dors marche marcher
douleur douleurs ventre gorge dos bras jambe jambes pied pieds main mains oeil yeux oreille oreilles nez bouche dent dents peau corps coeur ventre genou genoux hanche epaule cou rein reins urine urines selle selles
fatigue fatiguee faiblesse faible nausee nausees vomissement vomissements vomi diarrhee constipation vertige vertiges grippe rhume toux fievre gorge bouton boutons demangeaison demangeaisons plaie brulure blessure
palu paludisme malaria typhoide anemie diabete hypertension tension asthme ulcere gastrite allergie traitement medicament medicaments comprime comprimes paracetamol quinine amoxicilline consultation controle visite
suivi bilan resultat resultats examen renouvellement ordonnance certificat conseil avis docteur medecin hopital infirmier sante urgent appetit poids perte sommeil stress anxiete regles grossesse enfant bebe
normal normale stable conserve conservee bonne bon leger legere ras rhinorrhee odynophagie myalgies arthralgies asthenie anorexie prurit dysurie pollakiurie lombalgie lombalgies epigastralgie epigastralgies pyrosis otalgie
mgonjwa maumivu kichwa tumbo homa kikohozi mwili nina anayo ninaumwa naumwa siku leo jana usiku mtoto mama baba na ya wa za kwa ni sana damu kuhara kutapika dawa tangu wiki
nazali azali eza naza mpasi libumu moto nzoto mokolo mikolo lelo lobi makila kokosola kisi monganga mwana mpe na ya ezali ngai yo banda poso`.split(/\s+/));
const SUFFIXES = ['algie', 'algies', 'rrhee', 'ite', 'ites', 'tion', 'tions', 'ement', 'ements', 'eur', 'eurs', 'ique', 'iques', 'aire', 'aires', 'ose', 'emie', 'urie', 'isme', 'eux', 'euse', 'ee', 'ees', 'pathie', 'plegie', 'elle', 'elles', 'ure', 'ures'];

const MOTS_CONNUS = new Set([CONNUS, TRANSPARENTS, NEGATIONS, SUJETS, CAUSES, MAINTENANT, PROCHES, VERBES_DE_RECIT].flatMap((liste) => [...liste]));

const estConnu = (j: Jeton): boolean => j.nombre !== null || MOTS_CONNUS.has(j.mot) || (j.mot.length >= 6 && SUFFIXES.some((s) => j.mot.endsWith(s)));

/** Share of known words under which a narrative counts as unread, and of Latin letters under which any text does. */
const PART_CONNUE = 0.25;
const PART_LATINE = 0.6;

/** Can this text be read? Another alphabet or drawings cannot; nor, from `motsMin` words on, a language outside the lexicon. `compris`: words of findings. */
export function estLisible(texte: string, phrases: Phrase[], compris: ReadonlySet<Jeton>, motsMin: number): boolean {
  const jetons = phrases.flatMap((p) => p.jetons).filter((j) => !j.ponct);
  if (jetons.length === 0) return false;
  const latins = jetons.filter((j) => /^[a-z0-9./]+$/.test(j.mot)).length;
  const dessins = (texte.match(/\p{Extended_Pictographic}/gu) ?? []).length;
  if (latins / (jetons.length + dessins) < PART_LATINE) return false;
  if (jetons.length < motsMin) return true;
  if (jetons.every((j) => j.nombre !== null)) return false;
  return jetons.filter((j) => compris.has(j) || estConnu(j)).length / jetons.length >= PART_CONNUE;
}
