import type { Champ } from '../champ.ts';
import { CHAMPS_SYSTEME } from '../champs-systeme.ts';
import { CHAMPS } from '../champs.ts';

const PRISMA: Record<Champ['type'], string> = { texte: 'String', date: 'DateTime', choix: 'String', booleen: 'Boolean', entier: 'Int', decimal: 'Float' };

function colonne(c: Champ): string {
  const obligatoire = c.requis || (c.defaut !== undefined && !c.nullable);
  const defaut = c.defaut === undefined ? '' : ` @default(${typeof c.defaut === 'string' ? JSON.stringify(c.defaut) : c.defaut})`;
  const longueur = c.type === 'choix' ? 30 : c.court ? c.max : undefined;
  const db = c.type === 'date' ? ' @db.Date' : longueur ? ` @db.VarChar(${longueur})` : '';
  return `  ${c.nom} ${PRISMA[c.type]}${obligatoire ? '' : '?'}${defaut}${db}`;
}

/** The text of services/consultation/prisma/schema/fiche.prisma. */
export function ecrirePrisma(champs: readonly Champ[] = CHAMPS): string {
  const systeme = CHAMPS_SYSTEME.flatMap((c) => (c.colonne === null ? [] : [`  /// ${c.doc}\n  ${c.nom} ${c.colonne}`]));
  return `// Written by \`npm run generate\` from packages/fiche/src/champs.ts and champs-systeme.ts; not edited by hand.

model FicheConsultation {
${champs.map(colonne).join('\n')}
${systeme.join('\n')}

  @@map("fiche_consultation")
}
`;
}
