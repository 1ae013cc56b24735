import type { Acteur } from '@mediai/kit/acteur';
import { unauthenticated } from '@mediai/kit/errors';
import { lirePage, type Page } from '@mediai/kit/page';
import { exiger } from '../acces/acces.ts';
import { acteDe, type Acte } from '../audit/acte.ts';
import { noChoice, readRequiredLine, refuseFaulty, required, type Read } from '../form/field.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { ConsentementPage, ConsentementStore } from './consentement-store.ts';
import { finalites, type Consentement, type EtatConsentement, type Finalite } from './consentement.ts';

type Needs = { consentements: ConsentementStore; clock: () => Date };

const maxVersionLength = 40;

/** A page of the actor's own consents, newest first. Throws `forbidden` for a service. */
export function createListConsentements({ consentements }: Pick<Needs, 'consentements'>) {
  return async (acteur: Acteur, page: Page): Promise<ConsentementPage> => {
    exiger(acteur, 'consentement.lister');
    return consentements.list(acteur.id, lirePage(page));
  };
}

/** The actor agrees to a purpose, in the words of a version; agreeing twice is agreeing once. Throws `forbidden`, `invalid`. */
export function createGiveConsentement({ consentements, clock }: Needs) {
  return async (acteur: Acteur, form: { finalite: string; version: string }, idempotence?: Idempotence<Consentement>): Promise<Once<Consentement>> => {
    exiger(acteur, 'consentement.donner');
    const [finalite, version] = [readFinalite(form.finalite), readRequiredLine(form.version, maxVersionLength)];
    refuseFaulty({ finalite, version });
    const given = { userId: acteur.id, finalite: finalite.value, version: version.value, at: clock() };
    const outcome = await consentements.give(given, acteOf(acteur, 'consentement.accord'), idempotence);
    if (!outcome) throw unauthenticated();
    return outcome;
  };
}

/** The actor agrees no more, or objects without having agreed. Throws `forbidden`, `invalid`. */
export function createWithdrawConsentement({ consentements, clock }: Needs) {
  return async (acteur: Acteur, finalite: string): Promise<void> => {
    exiger(acteur, 'consentement.retirer');
    await consentements.withdraw({ userId: acteur.id, finalite: expectFinalite(finalite), at: clock() }, acteOf(acteur, 'consentement.retrait'));
  };
}

/** For a service: what a user's consent to a purpose is. Throws `forbidden`, `invalid`. */
export function createGetConsentement({ consentements }: Pick<Needs, 'consentements'>) {
  return async (acteur: Acteur, userId: number, finalite: string): Promise<EtatConsentement> => {
    exiger(acteur, 'consentement.consulter');
    return consentements.state(userId, expectFinalite(finalite));
  };
}

function readFinalite(text: string): Read<Finalite> {
  const [known] = finalites.filter((finalite) => finalite === text);
  return { value: known ?? finalites[0], faults: known ? [] : [text === '' ? required : noChoice(text)] };
}

function expectFinalite(text: string): Finalite {
  const finalite = readFinalite(text);
  refuseFaulty({ finalite });
  return finalite.value;
}

function acteOf(acteur: Acteur, action: string): (consentement: Consentement) => Acte {
  return ({ id, finalite, version }) =>
    acteDe(acteur, { action, objetType: 'consentement', objetId: String(id), etablissementId: acteur.etablissementId, raison: `${finalite} ${version}`.trim() });
}
