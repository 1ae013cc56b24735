import type { Champ } from '../champ.ts';
import { CHAMPS_SYSTEME } from '../champs-systeme.ts';
import { CHAMPS } from '../champs.ts';

const PROTO: Record<Champ['type'], string> = { texte: 'string', date: 'string', choix: 'string', booleen: 'bool', entier: 'int32', decimal: 'double' };

const commentaire = (c: Champ): string =>
  `${c.libelle}${c.unite ? ` (${c.unite})` : ''}.${c.type === 'date' ? ' YYYY-MM-DD.' : ''}${c.choix ? ` One of: ${c.choix.map((x) => x.valeur).join(', ')}.` : ''}`;

const lignes = (champs: readonly Champ[]): string => champs.map((c) => `  // ${commentaire(c)}\n  optional ${PROTO[c.type]} ${c.nom} = ${c.numero};`).join('\n');

const systeme = (): string =>
  CHAMPS_SYSTEME.flatMap((c) => (c.proto === null ? [] : [`  // ${c.doc}\n  ${c.proto} ${c.nom} = ${c.numero};`])).join('\n');

/** The text of proto/mediai/consultation/v1/fiche.proto. */
export function ecrireProto(champs: readonly Champ[] = CHAMPS): string {
  return `// Written by \`npm run generate\` from packages/fiche/src/champs.ts and champs-systeme.ts; not edited by hand.
syntax = "proto3";

package mediai.consultation.v1;

import "google/protobuf/timestamp.proto";

// Whose view of a fiche a message is.
enum Vue {
  // Not said.
  VUE_UNSPECIFIED = 0;
  // What the patient may read.
  VUE_PATIENT = 1;
  // What a médecin or an admin may read.
  VUE_MEDECIN = 2;
}

// One red flag that a rule of the triage table raised.
message SigneAlerte {
  // Code of the rule.
  string code = 1;
  // French label.
  string libelle = 2;
  // rouge, orange or jaune.
  string niveau = 3;
  // Published source of the rule, with its section.
  string source = 4;
  // Fields of the fiche that made it fire.
  repeated string champs = 5;
  // What was read, as typed.
  optional string valeur = 6;
}

// A value that is possible but improbable, to be asked for again.
message ValeurAVerifier {
  // Field of the fiche.
  string champ = 1;
  // The value as typed.
  string valeur = 2;
  // Why, in French.
  string motif = 3;
}

// National Early Warning Score 2, from what the fiche holds.
message News2 {
  // Points found.
  int32 score = 1;
  // True when parameters lack: the score is "at least" this.
  bool au_moins = 2;
  // What lacks.
  repeated string manquants = 3;
}

// Why an analysis failed wholly.
message AnalyseEchec {
  // Stable code.
  string code = 1;
  // When.
  google.protobuf.Timestamp le = 2;
}

// A fiche de consultation as its reader may see it.
message FicheConsultation {
${lignes(champs)}
${systeme()}
}

// What a client wrote of a fiche: a field that was not sent is absent.
message FicheInput {
${lignes(champs)}
  // Fields that the client emptied.
  repeated string champs_nuls = 200;
}
`;
}
