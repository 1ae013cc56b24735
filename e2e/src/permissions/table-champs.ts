import { row } from './row.ts';

/** What is said of the fields of a fiche: to any account, from no service. */
export const CHAMPS = [
  //                                                                 anonyme autre propr atten ailleurs collègue libre assigné adminA admin super
  row('GET /api/v1/fiche-consultation/field-choices/', null, '          401    200   200   200   200      200      200   200     200    200   200'),
];
