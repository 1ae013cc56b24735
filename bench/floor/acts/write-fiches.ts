import type { FicheValeurs } from '@mediai/fiche';
import { AppError, notFound } from '@mediai/kit/errors';
import type { Action } from '../../../services/consultation/src/acces/acces.ts';
import { versionPerimee, type ChangeFiche, type Reponse } from '../../../services/consultation/src/fiche/change-fiche.ts';
import { createCreateFiche } from '../../../services/consultation/src/fiche/create-fiche.ts';
import { createEditDiagnostic } from '../../../services/consultation/src/fiche/edit-diagnostic.ts';
import type { NouvelleFiche, TextesMedecin } from '../../../services/consultation/src/fiche/fiche.ts';
import { regles } from '../../../services/consultation/src/fiche/regles.ts';
import { createValidateFiche } from '../../../services/consultation/src/fiche/validate-fiche.ts';
import type { VueFiche } from '../../../services/consultation/src/fiche/vue.ts';
import type { Appel } from '../appel.ts';
import { insertFiche, updateFiche } from '../sql/fiche-write-sql.ts';
import type { FicheParts } from './fiche-parts.ts';
import { openFiche } from './open-fiche.ts';

const ESSAIS = 5;

/** No idempotency key is ever given to these use cases, so that no answer is one given before. */
function faite(reponse: Reponse): VueFiche {
  if ('vue' in reponse) return reponse.vue;
  throw new AppError('internal');
}

/** No analysis is asked for: nobody here would hear of it, and the suite's sweep would wait for its result. */
const sansAnalyse = (nouvelle: NouvelleFiche): NouvelleFiche => ({ ...nouvelle, analyse_en_cours: false });

/** Writing of fiches: consultation's rules, one round trip to read and one to write. */
export function createWriteFiches({ pool, clock, annuaire, vues, numeros }: FicheParts) {
  /** What `createChangeFiche` is to the suite, without keys of idempotency; `decide` never answers null here. */
  const changeFor = (appel: Appel): ChangeFiche => async ({ action, course }: { action: Action; course: 'conflit' | 'rejouer' }, { id, versionAttendue }, decide) => {
    for (let essai = 1; essai <= ESSAIS; essai++) {
      const { fiche, permis } = await openFiche(pool, appel, action, id);
      if (versionAttendue !== undefined && versionAttendue !== fiche.version) throw versionPerimee();
      const decision = await decide(fiche);
      if (decision === null) throw new AppError('internal');
      const ecrite = await updateFiche(pool, fiche, decision.changement, clock(), appel, permis);
      if (ecrite) return { vue: (await vues.pour(appel.acteur, appel.acteur.etablissementId))(ecrite) };
      if (versionAttendue !== undefined) throw versionPerimee();
      if (course === 'conflit') break;
    }
    throw new AppError('conflict', 'fiche.conflit', 'Cette fiche vient de changer : relisez-la avant de décider.');
  };
  const createFor = (appel: Appel) =>
    createCreateFiche({
      fiches: { create: async (nouvelle, { acte }) => ({ creee: await insertFiche(pool, sansAnalyse(nouvelle), appel, acte) }) },
      journal: { rejouer: async () => undefined },
      annuaire, regles, numeros, vues, clock,
    });
  const lireAnalyse = async (): Promise<never> => {
    throw notFound(); // the bench publishes the latest analysis, which needs no asking
  };

  return {
    async createFiche(appel: Appel, saisie: Partial<FicheValeurs>, assignedMedecin: number | undefined): Promise<VueFiche> {
      return faite(await createFor(appel)({ acteur: appel.acteur, saisie, assignedMedecin }));
    },
    async editDiagnostic(appel: Appel, id: number, textes: TextesMedecin): Promise<VueFiche> {
      return faite(await createEditDiagnostic({ changeFiche: changeFor(appel) })({ ...appel, id, textes }));
    },
    async validateFiche(appel: Appel, id: number, textes: TextesMedecin, analyses: readonly number[]): Promise<VueFiche> {
      return faite(await createValidateFiche({ changeFiche: changeFor(appel), lireAnalyse, annuaire, clock })({ ...appel, id, textes, analyses }));
    },
  };
}
