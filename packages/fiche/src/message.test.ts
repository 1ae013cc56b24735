import { describe, expect, it } from '@jest/globals';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FicheConsultationSchema, FicheInputSchema } from '@mediai/contracts/consultation/v1/fiche';
import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import { depuisFicheInput, depuisFicheMessage, versFicheInput, versFicheMessage } from './message.ts';
import type { FicheValeurs } from './valeurs.ts';

const EXEMPLES: Record<Champ['type'], (champ: Champ) => string | number | boolean> = {
  texte: ({ nom }) => `texte de ${nom}`.slice(0, 10),
  date: () => '1992-09-20',
  choix: ({ choix }) => choix?.at(-1)?.valeur ?? '',
  booleen: () => true,
  entier: ({ numero }) => numero,
  decimal: ({ numero }) => numero + 0.5,
};
const pleine = Object.fromEntries((CHAMPS as readonly Champ[]).map((champ) => [champ.nom, EXEMPLES[champ.type](champ)])) as unknown as FicheValeurs;
const vide = Object.fromEntries(CHAMPS.map(({ nom }) => [nom, null])) as unknown as FicheValeurs;

describe.each([['full', pleine], ['empty', vide]])('a %s fiche', (_, valeurs) => {
  it('crosses the wire whole as an input', () => {
    const octets = toBinary(FicheInputSchema, create(FicheInputSchema, versFicheInput(valeurs)));
    expect(depuisFicheInput(fromBinary(FicheInputSchema, octets))).toEqual(valeurs);
  });

  it('crosses the wire whole as an answer', () => {
    const octets = toBinary(FicheConsultationSchema, create(FicheConsultationSchema, versFicheMessage(valeurs)));
    expect(depuisFicheMessage(fromBinary(FicheConsultationSchema, octets))).toEqual(valeurs);
  });
});

it('what was not sent stays absent, false and zero are values', () => {
  const partielle = { proche: false, pouls: 0, motif_consultation: null };
  const octets = toBinary(FicheInputSchema, create(FicheInputSchema, versFicheInput(partielle)));
  expect(depuisFicheInput(fromBinary(FicheInputSchema, octets))).toEqual(partielle);
});

it('names that are no fields are not believed', () => {
  expect(depuisFicheInput({ champsNuls: ['status', 'version', 'nom'] })).toEqual({ nom: null });
});
