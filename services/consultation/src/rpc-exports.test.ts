import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { parse } from 'csv-parse/sync';
import { jourEtHeure } from './fiche/jour.ts';
import { J, useService } from './rpc.memory.ts';

const rig = useService();
/** The day it is in the établissement, where it begins two hours before UTC's. */
const { jour } = jourEtHeure(new Date(), 'Africa/Lubumbashi');
const demande = { exportFormat: 'csv', dateStart: jour, dateEnd: jour };
const page = { page: 1, pageSize: 20 };

async function attendre<T>(lire: () => Promise<T>, convient: (lu: T) => boolean): Promise<T> {
  for (;;) {
    const lu = await lire();
    if (convient(lu)) return lu;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
async function fichier(messages: AsyncIterable<{ contenu: { case?: string; value?: unknown } }>): Promise<{ entete: { nom: string; typeMime: string; taille?: bigint }; octets: Buffer }> {
  const morceaux: Uint8Array[] = [];
  let entete: unknown;
  for await (const { contenu } of messages) {
    if (contenu.case === 'entete') entete = contenu.value;
    else morceaux.push(contenu.value as Uint8Array);
  }
  return { entete: entete as never, octets: Buffer.concat(morceaux) };
}
const pret = async (token: string, id: number) => (await attendre(() => rig.suite.exports.getExport({ id }, { token }), ({ export: job }) => job?.status === 'completed')).export!;

describe('exports over gRPC', () => {
  beforeAll(async () => {
    await rig.suite.deps.checks['database']?.(); // what the driver loads lazily is there before work is looked for
    rig.suite.deps.exportWorker.start();
  });

  it('are asked for, made, and their file is sent: every row of the établissement, no name unless asked for', async () => {
    const fiche = await rig.creer({ nom: 'Canarine', motif_consultation: '=Canarine tousse' });
    const { export: asked } = await rig.suite.exports.createExport(demande, { token: J.admin });
    expect(asked).toMatchObject({ status: 'pending', progress: 0, exportFormat: 'csv', dateStart: jour, includePersonalData: false });
    const job = await pret(J.admin, asked!.id);
    expect(job).toMatchObject({ progress: 100, fichier: expect.stringMatching(/^fiches_\d{8}_\d{8}_\d+\.csv$/), recordsTotal: job.recordsCount });
    expect(JSON.stringify(job, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))).not.toMatch(/exports\//);
    const { entete, octets } = await fichier(await rig.suite.exports.downloadExport({ id: job.id }, { token: J.admin }));
    expect(entete).toMatchObject({ nom: job.fichier, typeMime: 'text/csv; charset=utf-8', taille: BigInt(octets.length) });
    const lignes = parse(octets, { bom: true, columns: true }) as Record<string, string>[];
    expect(lignes).toHaveLength(job.recordsCount!);
    expect(lignes.find(({ id }) => id === String(fiche.id))).toMatchObject({ numero_dossier: fiche.numeroDossier, motif_consultation: "'=[nom] tousse" });
    expect(octets.toString()).not.toContain('Canarine');

    const { export: nomme } = await rig.suite.exports.createExport({ ...demande, exportFormat: 'json', includePersonalData: true }, { token: J.admin });
    await pret(J.admin, nomme!.id);
    const { octets: json } = await fichier(await rig.suite.exports.downloadExport({ id: nomme!.id }, { token: J.admin }));
    expect(JSON.parse(json.toString())).toContainEqual(expect.objectContaining({ id: fiche.id, nom: 'Canarine', motif_consultation: '=Canarine tousse' }));
    const actes = await rig.sql<{ action: string; objet_id: string }>(`SELECT action, objet_id FROM audit WHERE action LIKE 'export.%' OR action = 'fiche.exporter' ORDER BY id`);
    expect(actes.filter(({ objet_id }) => objet_id === String(nomme!.id)).map(({ action }) => action)).toEqual(expect.arrayContaining(['export.creer', 'export.donnees_personnelles', 'export.telecharger']));
    const { acces } = await rig.suite.client.listAccesFiche({ id: fiche.id, ...page }, { token: J.patiente });
    expect(acces.map(({ action }) => action)).toContain('fiche.exporter');
  });

  it('are of their établissement alone', async () => {
    const { export: job } = await rig.suite.exports.createExport(demande, { token: J.admin });
    for (const token of [J.patiente, J.medecin, J.ailleurs, J.ia]) await expect(rig.suite.exports.getExport({ id: job!.id }, { token })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(rig.suite.exports.getExport({ id: job!.id })).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect((await rig.suite.exports.listExports(page, { token: J.admin })).exports.map(({ id }) => id)).toContain(job!.id);
  });

  it('asked for twice under one key are one', async () => {
    const options = { token: J.admin, idempotencyKey: 'export-1' };
    const [une, encore] = [await rig.suite.exports.createExport(demande, options), await rig.suite.exports.createExport(demande, options)];
    expect([encore.export?.id, une.replayed, encore.replayed]).toEqual([une.export?.id, false, true]);
    await expect(rig.suite.exports.createExport({ ...demande, exportFormat: 'json' }, options)).rejects.toMatchObject({ kind: 'unprocessable' });
  });

  it('are refused by field', async () => {
    await expect(rig.suite.exports.createExport({ ...demande, dateEnd: '2099-01-01', filtres: { sexe: 'X' } }, { token: J.admin })).rejects.toMatchObject({ kind: 'invalid', fields: { date_end: [expect.any(String)], 'filters.sexe': [expect.any(String)] } });
    await expect(rig.suite.exports.downloadExport({ id: 2_000_000_000 }, { token: J.admin })).rejects.toMatchObject({ kind: 'not_found', code: 'export.introuvable' });
  });

  it("of a person's own data hold what a patient may read, and nothing that an IA wrote before a médecin published it", async () => {
    const fiche = await rig.creer({ nom: 'Canarine' });
    await rig.sql(`UPDATE fiche_consultation SET diagnostic_ia = 'SECRET IA', diagnostic = 'SECRET brouillon', signes_alerte = '[{"code":"SECRET","libelle":"SECRET","niveau":"rouge","source":"texte","champs":[],"valeur":null}]' WHERE id = ${fiche.id}`);
    await rig.sql(`INSERT INTO fiche_message (fiche, author, content, etablissement_id) VALUES (${fiche.id}, 2, 'Reposez-vous.', 1)`);
    rig.suite.peers.comptes.set(1, { id: 1, username: 'canarine', firstName: 'Canarine', lastName: 'Kabila', role: 'patient', isActive: true, etablissementId: 1, patientProfile: { postnom: 'Lukusa' } });
    await rig.suite.client.getFiche({ id: fiche.id }, { token: J.medecin });
    const { export: asked } = await rig.suite.exports.createExportPersonnel({}, { token: J.patiente });
    const job = await attendre(() => rig.suite.exports.getExportPersonnel({ id: asked!.id }, { token: J.patiente }), ({ export: lu }) => lu?.status === 'completed');
    expect(job.export).toMatchObject({ fichier: `mes_donnees_${asked!.id}.json`, exportFormat: 'json' });
    expect(job.export?.filtres).toBeUndefined();
    const { octets } = await fichier(await rig.suite.exports.downloadExportPersonnel({ id: asked!.id }, { token: J.patiente }));
    const donnees = JSON.parse(octets.toString()) as { compte: object; consentement_analyse_ia: string; fiches: { id: number; messages: object[]; acces: { action: string; qui: string }[] }[]; ailleurs: { route: string }[] };
    expect(octets.toString()).not.toContain('SECRET');
    expect(donnees.compte).toMatchObject({ username: 'canarine', patient_profile: { postnom: 'Lukusa' } });
    expect(donnees.consentement_analyse_ia).toBe('absent');
    const mienne = donnees.fiches.find(({ id }) => id === fiche.id);
    expect(mienne).toMatchObject({ nom: 'Canarine', diagnostic_ia: null, diagnostic: null, numero_dossier: fiche.numeroDossier, messages: [{ content: 'Reposez-vous.', author_name: 'Jean Ilunga' }] });
    expect(mienne?.acces).toMatchObject([{ action: 'fiche.lire', qui: 'Jean Ilunga' }]);
    expect(donnees.ailleurs.map(({ route }) => route)).toContain('/api/v1/conversations/');
    for (const token of [J.autre, J.admin, J.medecin]) await expect(rig.suite.exports.getExportPersonnel({ id: asked!.id }, { token })).rejects.toMatchObject({ kind: 'not_found' });
    expect((await rig.suite.exports.listExportsPersonnels(page, { token: J.patiente })).exports.map(({ id }) => id)).toEqual([asked!.id]);
  });

  it('tell neither names nor texts to logs, spans and metrics', async () => {
    expect(rig.suite.lines.join('\n')).not.toMatch(/Canarine|tousse/);
    expect(JSON.stringify(rig.spans.getFinishedSpans().map(({ name, attributes, events }) => ({ name, attributes, events })))).not.toMatch(/Canarine|tousse/);
    const metriques = await rig.suite.metrics.registry.metrics();
    expect(metriques).toMatch(/export_rows_total\{service="consultation"\} [1-9]/);
    expect(metriques).toContain('exports_running{service="consultation"} 0');
  });
});

describe('erasing over gRPC', () => {
  it('is asked for, refused with a reason, asked for again and done; whoever is away is waited for', async () => {
    const fiche = await rig.creer({ nom: 'Effaçable' }, { token: J.autre });
    rig.suite.peers.comptes.set(11, { id: 11, username: 'autre', firstName: 'Autre', lastName: 'Effaçable', role: 'patient', isActive: true, etablissementId: 1 });
    const { effacement: premiere } = await rig.suite.effacements.createEffacement({ motif: 'Je pars.' }, { token: J.autre });
    await expect(rig.suite.effacements.createEffacement({}, { token: J.autre })).rejects.toMatchObject({ kind: 'exists', code: 'effacement.deja_demande' });
    for (const token of [J.autre, J.medecin, J.ia]) await expect(rig.suite.effacements.acceptEffacement({ id: premiere!.id }, { token })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(rig.suite.effacements.rejectEffacement({ id: premiere!.id, motif: '' }, { token: J.admin })).rejects.toMatchObject({ kind: 'invalid' });
    await rig.suite.effacements.rejectEffacement({ id: premiere!.id, motif: 'Traitement en cours.' }, { token: J.admin });
    expect((await rig.suite.effacements.listMesEffacements(page, { token: J.autre })).effacements).toMatchObject([{ statut: 'refusee', motifRefus: 'Traitement en cours.' }]);

    const { effacement } = await rig.suite.effacements.createEffacement({}, { token: J.autre });
    const id = effacement!.id;
    expect((await rig.suite.effacements.listEffacements({ statut: ['en_attente'], ...page }, { token: J.admin })).effacements).toMatchObject([{ id, userName: 'Autre Effaçable' }]);
    rig.suite.peers.setAway(true);
    await expect(rig.suite.effacements.acceptEffacement({ id }, { token: J.admin })).rejects.toMatchObject({ kind: 'unavailable' });
    rig.suite.peers.setAway(false);
    expect((await rig.suite.client.getFiche({ id: fiche.id }, { token: J.autre })).fiche?.nom).toBe('Effaçable');
    expect((await rig.suite.effacements.acceptEffacement({ id }, { token: J.admin })).effacement).toMatchObject({ statut: 'effacee', fiches: 1, userName: '' });
    expect(rig.suite.peers.fermes).toEqual([11]);
    await expect(rig.suite.client.getFiche({ id: fiche.id }, { token: J.autre })).rejects.toMatchObject({ kind: 'not_found' });
    await expect(rig.suite.dossier.restoreFiche({ id: fiche.id }, { token: J.admin })).rejects.toMatchObject({ kind: 'not_found' });
    expect(await rig.sql(`SELECT nom, telephone_e164 FROM fiche_consultation WHERE id = ${fiche.id}`)).toEqual([{ nom: 'Effacé', telephone_e164: null }]);
  });

  test('what cannot be read as a request is refused', async () => {
    await expect(rig.suite.effacements.acceptEffacement({ id: 2_000_000_000 }, { token: J.admin })).rejects.toBeInstanceOf(AppError);
  });
});
