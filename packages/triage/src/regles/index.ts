import { reglesCirculation } from './circulation.ts';
import { reglesConnaissance } from './connaissance.ts';
import { reglesGrossesse } from './grossesse.ts';
import { reglesNeurologie } from './neurologie.ts';
import { reglesNourrisson } from './nourrisson.ts';
import { reglesRespiration } from './respiration.ts';
import { reglesSanteMentale } from './sante-mentale.ts';

/** The whole table. A new row is one entry in one of the groups: its code joins `CodeSigne`, its tests are generated. */
export const REGLES = [...reglesRespiration, ...reglesCirculation, ...reglesNeurologie, ...reglesGrossesse, ...reglesNourrisson, ...reglesSanteMentale, ...reglesConnaissance] as const;

/** Every code that triage can raise. */
export type CodeSigne = (typeof REGLES)[number]['code'];
