import type { Cas } from '../cas.ts';
import { preuveDe } from '../lecture.ts';
import type { Concept } from '../lexique.ts';
import { et, ou, unDes } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';
import { regle } from './regle.ts';

/** What the text says of these; "si cela continue", "j'ai peur de" make it a question here, never nothing: who thinks of it is asked. */
function dit({ lecture }: Cas, ...concepts: Concept[]): Preuve {
  const trouvees = lecture.trouvailles.filter((t) => concepts.includes(t.concept));
  return unDes(trouvees.map((t) => (t.etat === 'hypothese' ? { force: 1 as const, champs: [t.champ], valeur: t.extrait } : preuveDe(t))));
}

export const reglesSanteMentale = [
  regle({
    code: 'idees_suicidaires', libelle: 'Idées suicidaires', qui: 'tous', niveau: 'rouge',
    condition: 'projet, moyen, geste ou lettre, envie de mourir avec une prise massive : rouge ; envie de mourir sans projet : orange',
    volets: (cas) => [
      { niveau: 'rouge', preuve: ou(dit(cas, 'suicide_acte'), et(dit(cas, 'suicide_desir'), dit(cas, 'prise_massive'))) },
      { niveau: 'orange', preuve: dit(cas, 'suicide_desir') },
    ],
    sources: [{ document: 'WHO mhGAP Intervention Guide 2.0', section: 'SUI', surete: 'memoire' }],
    question: 'Pensez-vous à mourir ou à vous faire du mal ?',
  }),
] as const;
