import { beforeAll, describe, expect, it } from '@jest/globals';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { topics } from '@mediai/events';
import { createCostMeter, type Costs, type Prepare } from '@mediai/testing';
import { autrePatient, patiente } from './fiche/fixtures.memory.ts';
import { J, useService } from './rpc.memory.ts';
import { jeton } from './service.memory.ts';

/**
 * What each operation costs, once its token is verified and what is kept is kept. A statement more makes `npm test` fail;
 * so does one less, until it is written here. `grpcCalls` counts the call that asks for the operation.
 */
const costs = {
  'GetFiche, by its patient': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'GetFiche, by a médecin': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'GetFiche, not kept yet': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'GetFicheClinique, by ia': { statements: 3, transactions: 0, roundTrips: 3, grpcCalls: 3 },
  'GetAccesFiche, by a médecin': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'CreateFiche': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'CreateFiche, under an Idempotency-Key': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'UpdateFiche, by its patient': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'EditDiagnostic': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ValidateFiche': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'RejectFiche': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'SendWhatsapp': { statements: 2, transactions: 1, roundTrips: 4, grpcCalls: 2 },
  'CreateFicheMessage': { statements: 6, transactions: 1, roundTrips: 8, grpcCalls: 1 },
} satisfies Costs;

/** The same of lists, whatever the number of their rows. */
const listCosts = {
  'ListFiches, by a médecin': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ListFiches, with a search': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ListFiches, by a patient': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ListFicheMessages': { statements: 4, transactions: 0, roundTrips: 4, grpcCalls: 1 },
  'ListHistorique': { statements: 5, transactions: 0, roundTrips: 5, grpcCalls: 1 },
} satisfies Costs;

const rig = useService();
const meter = createCostMeter(rig.spans);
const medecin = { token: J.medecin };
const few = 2;
const many = 20;
/** The fiche with few messages and changes, and the one with many. */
const fiches = new Map<number, number>();

beforeAll(async () => {
  const people = Array.from({ length: many }, (_, i) => 200 + i);
  for (const id of people) await rig.publier(topics.user.name, UserChangedSchema, { id, username: `patient.${id}`, firstName: 'Mwamba', lastName: 'Kabongo', role: 'patient', isActive: true, etablissementId: 1, version: 1 });
  for (const id of [patiente.id, autrePatient.id, 2]) await rig.publier(topics.user.name, UserChangedSchema, { id, username: `compte.${id}`, firstName: 'Jean', lastName: 'Ilunga', role: id === 2 ? 'medecin' : 'patient', isActive: true, approuve: true, isAvailable: true, etablissementId: 1, version: 1 });
  for (const id of people) await rig.creer({}, { token: jeton({ ...patiente, id }), ...(id % 2 ? { assignedMedecin: 2 } : {}) });
  for (let i = 0; i < many; i += 1) await rig.creer({}, { token: J.autre });
  for (const rows of [few, many]) {
    const { id } = await rig.creer({}, { token: J.patiente });
    fiches.set(rows, id);
    for (let i = 0; i < rows; i += 1) {
      await rig.suite.dossier.createFicheMessage({ fiche: id, content: `Message ${i}` }, i % 2 ? medecin : { token: J.patiente });
      await rig.suite.client.editDiagnostic({ id, textes: { diagnostic: `Avis ${i}` } }, medecin);
    }
  }
}, 60_000);

const operations: Record<keyof typeof costs, Prepare> = {
  'GetFiche, by its patient': onFiche((id) => rig.suite.client.getFiche({ id }, { token: J.patiente })),
  'GetFiche, by a médecin': onFiche((id) => rig.suite.client.getFiche({ id }, medecin)),
  'GetFiche, not kept yet': onNewFiche((id) => rig.suite.client.getFiche({ id }, { token: J.patiente })),
  'GetFicheClinique, by ia': onFiche((id) => rig.suite.client.getFicheClinique({ id }, { token: J.ia })),
  'GetAccesFiche, by a médecin': onFiche((id) => rig.suite.client.getAccesFiche({ id, ouverture: true }, medecin)),
  'CreateFiche': async () => () => rig.creer(),
  'CreateFiche, under an Idempotency-Key': async () => () => rig.creer({}, { idempotencyKey: crypto.randomUUID() }),
  'UpdateFiche, by its patient': async () => {
    const { id } = await rig.creer();
    await rig.suite.client.rejectFiche({ id, commentaire: 'La température manque.' }, medecin);
    return () => rig.suite.client.updateFiche({ id, fiche: { temperature: 39.4 } }, { token: J.patiente });
  },
  'EditDiagnostic': onNewFiche((id) => rig.suite.client.editDiagnostic({ id, textes: { diagnostic: 'Paludisme simple.' } }, medecin)),
  'ValidateFiche': onNewFiche((id) => rig.suite.client.validateFiche({ id, textes: { diagnostic: 'Paludisme simple.' } }, medecin)),
  'RejectFiche': onNewFiche((id) => rig.suite.client.rejectFiche({ id, commentaire: 'La tension manque.' }, medecin)),
  'SendWhatsapp': onNewFiche((id) => rig.suite.client.sendWhatsapp({ id }, medecin)),
  'CreateFicheMessage': onNewFiche((fiche) => rig.suite.dossier.createFicheMessage({ fiche, content: 'Bonjour docteur' }, { token: J.patiente })),
};

const lists: Record<keyof typeof listCosts, (rows: number) => Promise<number>> = {
  'ListFiches, by a médecin': async (pageSize) => (await rig.suite.client.listFiches({ page: 1, pageSize }, medecin)).fiches.length,
  'ListFiches, with a search': async (pageSize) => (await rig.suite.client.listFiches({ page: 1, pageSize, search: 'kabongo' }, medecin)).fiches.length,
  'ListFiches, by a patient': async (pageSize) => (await rig.suite.client.listFiches({ page: 1, pageSize }, { token: J.autre })).fiches.length,
  'ListFicheMessages': async (rows) => (await rig.suite.dossier.listFicheMessages({ fiche: fiches.get(rows) ?? 0 }, medecin)).messages.length,
  'ListHistorique': async (rows) => (await rig.suite.dossier.listHistorique({ id: fiches.get(rows) ?? 0, page: 1, pageSize: rows }, medecin)).changements.length,
};

/** On one fiche that is there. */
function onFiche(act: (id: number) => Promise<unknown>): Prepare {
  return async () => () => act(fiches.get(few) ?? 0);
}

/** On a fiche of its own each time. */
function onNewFiche(act: (id: number) => Promise<unknown>): Prepare {
  return async () => {
    const { id } = await rig.creer();
    return () => act(id);
  };
}

describe('an operation costs what is written here', () => {
  it.each(Object.keys(costs) as (keyof typeof costs)[])('%s', async (name) => {
    expect(await meter.deviation(costs[name], operations[name])).toBeUndefined();
  });

  it.each(Object.keys(listCosts) as (keyof typeof listCosts)[])('%s: of 2 rows as of 20', async (name) => {
    for (const rows of [few, many]) {
      expect(await lists[name](rows)).toBeGreaterThanOrEqual(rows);
      expect(await meter.deviation(listCosts[name], async () => () => lists[name](rows))).toBeUndefined();
    }
  });
});
