import { moinsDeJours, moinsDeMois } from '../age.ts';
import type { Cas } from '../cas.ts';
import { RIEN, fait, ou, quand } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';
import { SOURCES, mesure, regle } from './regle.ts';

/** Any complaint: everything but a text that only tells of a routine visit. */
function plainte({ fiche, lecture }: Cas): Preuve {
  const texte = [fiche.motif_consultation, fiche.histoire_maladie, ...(fiche.messages ?? [])].filter((un) => typeof un === 'string').join(' ').trim();
  const plaintes = lecture.trouvailles.some((t) => t.concept !== 'routine' && t.etat === 'affirme');
  if (lecture.signe('routine').force === 2 && !plaintes && texte.length < 80) return RIEN;
  return fait('date_naissance', fiche.date_naissance ?? 'âge');
}

/** Danger signs of the young infant, under two months; thresholds of IITT and of IMCI together. */
function danger(cas: Cas): Preuve {
  const { temperature, fr } = cas.mesures;
  const { age, lecture, fiche } = cas;
  return ou(
    quand(temperature !== null && (temperature >= 38 || temperature < 36), mesure(cas, 'temperature')),
    quand(fiche.febrile === 'Oui', fait('febrile', 'Oui')), lecture.signe('fievre', 'froid', 'tete_mal', 'bouge_peu', 'ictere_paumes'),
    quand(fr !== null && fr >= 60 && moinsDeJours(age, 7), mesure(cas, 'fr')),
    quand(moinsDeJours(age, 2), ou(lecture.signe('ictere'), quand(fiche.coloration_bulbaire === 'jaunatre', fait('coloration_bulbaire', 'jaunatre')))),
  );
}

export const reglesNourrisson = [
  regle({
    code: 'nourrisson_moins_8_jours', libelle: 'Nouveau-né de moins de 8 jours', qui: 'moins de 8 jours', condition: 'toute plainte', niveau: 'rouge',
    volets: (cas) => [{ niveau: 'rouge', preuve: quand(moinsDeJours(cas.age, 8), plainte(cas)) }],
    sources: [{ ...SOURCES.iittEnfant('rouge : any infant < 8 days'), surete: 'seconde_main' }],
  }),
  regle({
    code: 'fievre_nourrisson', libelle: 'Signe de danger chez un nourrisson de moins de 2 mois', qui: 'moins de 2 mois', niveau: 'rouge',
    condition: 'T >= 38 ou < 36 (mesurée ou rapportée) ; tète mal ; ne bouge que stimulé ; FR >= 60 avant 7 jours ; ictère des paumes, des plantes ou du premier jour',
    volets: (cas) => [{ niveau: 'rouge', preuve: quand(moinsDeMois(cas.age, 2), danger(cas)) }],
    sources: [SOURCES.nourrisson('infection bactérienne grave possible'), SOURCES.iittEnfant('rouge : < 2 mois et T < 36 ou > 39')],
    ecart: 'L’hypothermie est prise à 36 (IITT), non à 35,5 (PCIME) : le plus protecteur des deux.', question: 'Le bébé tète-t-il bien, est-il chaud ou froid ?',
  }),
  regle({
    code: 'jeune_nourrisson', libelle: 'Nourrisson de moins de 6 mois', qui: '8 jours - 6 mois', condition: 'toute plainte', niveau: 'jaune',
    volets: (cas) => [{ niveau: 'jaune', preuve: quand(moinsDeMois(cas.age, 6) && !moinsDeJours(cas.age, 8), plainte(cas)) }],
    sources: [{ ...SOURCES.iittEnfant('jaune : 8 jours à 6 mois'), surete: 'seconde_main' }],
  }),
] as const;
