import type { Appel } from '../appel.ts';
import type { Params } from './params.ts';

/** A line of the audit as this process writes it; ids are those of the row `source`. */
export interface Ligne {
  readonly acteurId: number | null;
  readonly acteurRole: string;
  readonly action: string;
  readonly objetType: string;
  readonly issue?: 'ok' | 'refus';
  readonly raison?: string | null | undefined;
}

type D_ou = Pick<Appel, 'adresse' | 'requestId'>;

/**
 * The statement that writes one line for each row of `source`, which has `id` and `etablissement_id`: by itself or as a part
 * of one that does more in the same round trip.
 */
export function auditInsert(params: Params, source: string, { acteurId, acteurRole, action, objetType, issue = 'ok', raison = null }: Ligne, { adresse, requestId }: D_ou): string {
  const values = [params.add(acteurId, 'int'), params.add(acteurRole, 'text'), params.add(action, 'text'), params.add(objetType, 'text'), 'objet.id::text', 'objet.etablissement_id', params.add(adresse, 'text'), params.add(requestId, 'text'), params.add(issue, 'text'), params.add(raison, 'text')];
  return `INSERT INTO audit (acteur_id, acteur_role, action, objet_type, objet_id, etablissement_id, adresse, request_id, issue, raison) SELECT ${values.join(', ')} FROM ${source} AS objet`;
}

/** A page that is looked at again within this time is read once. */
const LECTURE_UNIQUE = "interval '1 hour'";

/** The same for what is shown together: of each row that was noted so within the last hour no line is written. */
export function lecturesInsert(params: Params, source: string, ligne: Ligne & { acteurId: number }, appel: D_ou): string {
  const insert = auditInsert(params, source, ligne, appel);
  const [objetType, acteur, action] = [params.add(ligne.objetType, 'text'), params.add(ligne.acteurId, 'int'), params.add(ligne.action, 'text')];
  return `${insert} WHERE NOT EXISTS (SELECT FROM audit a WHERE a.objet_type = ${objetType} AND a.objet_id = objet.id::text AND a.acteur_id = ${acteur} AND a.action = ${action} AND a.le > now() - ${LECTURE_UNIQUE})`;
}
