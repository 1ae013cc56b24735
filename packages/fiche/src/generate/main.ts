import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { schemaCreation } from '../json-schema.ts';
import { ecrirePrisma } from './fiche-prisma.ts';
import { ecrireProto } from './fiche-proto.ts';

const racine = resolve(import.meta.dirname, '../../../..');
const fichiers = {
  'proto/mediai/consultation/v1/fiche.proto': ecrireProto(),
  'services/consultation/prisma/schema/fiche.prisma': ecrirePrisma(),
  'packages/fiche/generated/fiche.schema.json': `${JSON.stringify(schemaCreation(), null, 2)}\n`,
};
for (const [chemin, texte] of Object.entries(fichiers)) {
  mkdirSync(dirname(resolve(racine, chemin)), { recursive: true });
  writeFileSync(resolve(racine, chemin), texte);
}
