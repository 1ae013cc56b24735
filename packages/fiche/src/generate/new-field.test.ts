import { describe, expect, it } from '@jest/globals';
import type { Champ } from '../champ.ts';
import { CHAMPS } from '../champs.ts';
import { champsChoix } from '../choix.ts';
import { sectionsDocument } from '../document.ts';
import { colonnesExport } from '../export.ts';
import { schemaCreation, schemaFiche } from '../json-schema.ts';
import { lireFiche, verifierFiche } from '../lire-fiche.ts';
import { depuisFicheInput, depuisFicheMessage, versFicheInput, versFicheMessage } from '../message.ts';
import { pseudonymiser } from '../pseudonymiser.ts';
import type { FicheValeurs } from '../valeurs.ts';
import { ecrirePrisma } from './fiche-prisma.ts';
import { ecrireProto } from './fiche-proto.ts';

/** The table with one more line. */
const ligne: Champ = {
  nom: 'groupe_sanguin', numero: 150, type: 'choix', libelle: 'Groupe sanguin', section: 'antecedents', nullable: true, export: { rang: 30 },
  choix: [{ valeur: 'O+', libelle: 'O positif' }, { valeur: 'AB-', libelle: 'AB négatif' }],
};
const table: readonly Champ[] = [...CHAMPS, ligne];
const avec = (valeur: unknown) => ({ groupe_sanguin: valeur }) as unknown as FicheValeurs;

describe('a new field is one line of the table, and is then in', () => {
  it('the proto, as a field of both messages', () => expect(ecrireProto(table).match(/\/\/ Groupe sanguin\. One of: O\+, AB-\.\n {2}optional string groupe_sanguin = 150;/g)).toHaveLength(2));

  it('the columns of the database', () => expect(ecrirePrisma(table)).toContain('\n  groupe_sanguin String? @db.VarChar(30)\n'));

  it('the JSON schemas', () => {
    expect(schemaCreation(table)['properties']).toHaveProperty('groupe_sanguin', { type: ['string', 'null'], enum: ['O+', 'AB-', null], title: 'Groupe sanguin' });
    expect(schemaFiche(table)['properties']).toHaveProperty('groupe_sanguin');
  });

  it('the reading of bodies, and the French messages of refusals', () => {
    const lire = (valeur: unknown) => lireFiche(avec(valeur), { complet: false, defauts: false }, table);
    expect(lire('AB-')).toEqual({ valeurs: { groupe_sanguin: 'AB-' }, erreurs: {} });
    expect(lire('')).toEqual({ valeurs: { groupe_sanguin: null }, erreurs: {} });
    expect(lire('Z').erreurs).toEqual({ groupe_sanguin: ["« Groupe sanguin » : « Z » n'est pas un choix valide."] });
    expect(verifierFiche(avec('Z'), '2026-11-24', table)).toEqual(lire('Z').erreurs);
  });

  it('the messages on the wire, there and back', () => {
    expect(depuisFicheInput(versFicheInput(avec('O+'), table), table)).toEqual({ groupe_sanguin: 'O+' });
    expect(depuisFicheInput(versFicheInput(avec(null), table), table)).toEqual({ groupe_sanguin: null });
    expect(depuisFicheMessage(versFicheMessage(avec('O+'), table), table)).toMatchObject({ groupe_sanguin: 'O+' });
  });

  it('the lists of choices', () => expect(champsChoix(table)).toMatchObject({ groupe_sanguin: [{ value: 'O+', label: 'O positif' }, { value: 'AB-', label: 'AB négatif' }] }));

  it('what a model is told, unless it identifies a person', () => {
    expect(pseudonymiser(avec('O+'), '', table)).toEqual([{ champ: 'groupe_sanguin', libelle: 'Groupe sanguin', section: 'antecedents', valeur: 'O positif' }]);
    expect(pseudonymiser(avec('O+'), '', [{ ...ligne, identite: true }])).toEqual([]);
  });

  it('the PDF', () => expect(sectionsDocument(avec('O+'), table)).toEqual([{ section: 'antecedents', titre: 'Antécédents personnels', lignes: [{ champ: 'groupe_sanguin', libelle: 'Groupe sanguin', valeur: 'O positif' }] }]));

  it('the exports, where the line says so', () => {
    const nomsDe = (champs: readonly Champ[], personnelles: boolean): string[] => colonnesExport({ personnelles }, champs).map(({ nom }) => nom);
    expect(nomsDe(table, false).at(-1)).toBe('groupe_sanguin');
    const personnel = [...CHAMPS, { ...ligne, export: { rang: 30, personnelle: true } }];
    expect([nomsDe(personnel, false), nomsDe(personnel, true)].map((noms) => noms.includes('groupe_sanguin'))).toEqual([false, true]);
    const { export: _, ...sans } = ligne;
    expect(nomsDe([...CHAMPS, sans], true)).not.toContain('groupe_sanguin');
  });
});

it('lists that fields share are asked for under one name, and none is forgotten', () => {
  expect(Object.keys(champsChoix()).toSorted()).toEqual(['capacite', 'coloration_bulbaire', 'coloration_palpebrale', 'etat', 'etat_civil', 'frequence', 'oui_non', 'oui_non_inconnu', 'sexe', 'tegument']);
  expect(champsChoix()).toMatchObject({ sexe: [{ value: 'M', label: 'Masculin' }, { value: 'F', label: 'Féminin' }], oui_non_inconnu: [{ value: 'oui', label: 'Oui' }, { value: 'non', label: 'Non' }, { value: 'inconnu', label: 'Je ne sais pas' }] });
});
