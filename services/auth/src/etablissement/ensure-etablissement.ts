import type { EtablissementStore } from './etablissement-store.ts';
import { defaultEtablissementId, defaultNom, type ConsentementIa, type Etablissement } from './etablissement.ts';

type Needs = {
  etablissements: Pick<EtablissementStore, 'ensure' | 'all'>;
  isDemo: boolean;
  telephoneUrgence: string | null;
  consentementIa: ConsentementIa;
};

/**
 * The default établissement, made at the first start. Throws when the database was made for the other kind of mode:
 * demonstration accounts have a public password, and simulated voices must never answer about real patients.
 */
export function createEnsureEtablissement({ etablissements, isDemo, telephoneUrgence, consentementIa }: Needs) {
  return async (): Promise<Etablissement> => {
    const strangers = (await etablissements.all()).filter(({ demo }) => demo !== isDemo);
    if (strangers.length > 0) {
      throw new Error(isDemo
        ? 'This database holds real établissements: MEDIAI_MODE demo and test are refused on it.'
        : 'This database holds demonstration établissements and accounts: MEDIAI_MODE=production is refused on it. Use a fresh database.');
    }
    return etablissements.ensure({
      id: defaultEtablissementId, nom: defaultNom, telephoneUrgence, fuseau: 'Africa/Lubumbashi', consentementIa, demo: isDemo,
    });
  };
}
