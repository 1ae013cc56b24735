import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withClient, withDatabase } from '@mediai/db/admin';
import { ficheComplete } from '@mediai/testing';
import type { Verdict } from '../checks.ts';
import { testEnv } from '../journeys.ts';
import { readJson } from '../json-file.ts';
import { root, statePaths, type Env } from '../paths.ts';
import { createPorts } from '../ports.ts';
import { createProcesses, type Identity, type Running } from '../processes.ts';
import { runProgram } from '../programs.ts';
import { createSecrets } from '../secrets.ts';
import { databaseServices } from '../suite.ts';
import { build } from '../turbo.ts';
import type { OpsContext } from './context.ts';
import { createSuiteClient, sha256, until, type Fiche, type Message, type SuiteClient } from './suite-client.ts';
import type { SuiteState } from './suite-process.ts';

/** What was acknowledged, and must be there again. */
type Acknowledged = { fiches: Fiche[]; attachments: { id: number; sum: string }[] };

const source = ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning'];
const script = (name: string): string => join(root, 'tools/dev/src', name);
const prepared = 16;
/** Validated before the backup, during it, and the rest between it and the loss: their validation is lost, the message has left. */
const [validatedBefore, validatedMeanwhile] = [4, 6];

/**
 * The loss of everything but the backup: a suite with real data is backed up while people go on working, ended with
 * kill -9, its folders deleted, restored, started. Each promise counts; the sandbox, which stands for the provider, lives
 * through it.
 */
export async function checkBackup(context: OpsContext): Promise<Verdict> {
  const { steps, signal } = context;
  const env = testEnv(context.env);
  const suiteDir = join(context.stateDir, 'suite');
  const own = statePaths(context.stateDir);
  const processes = createProcesses(own, signal);
  await steps.run('build', () => build(['generate', 'build'], { env, signal }));
  const port = await createPorts(own.ports).claim('sandbox');
  const sandboxUrl = `http://127.0.0.1:${port}`;
  const sandbox = await processes.run({ name: 'sandbox', command: process.execPath, args: [...source, join(root, 'tools/sandbox/src/main.ts')], env: { ...env, MEDIAI_MODE: 'test', SANDBOX_HOST: '127.0.0.1', SANDBOX_PORT: String(port), SANDBOX_TWILIO_AUTH_TOKEN: createSecrets(statePaths(suiteDir).secrets)('twilio') } });
  const lost: Running[] = [];
  try {
    return await loseAndRestore({ env, suiteDir, backups: join(context.stateDir, 'backups'), sandboxUrl, steps, start: async () => void lost.push(await processes.run({ name: 'suite', command: process.execPath, args: [...source, script('ops/suite-process.ts'), '--state-dir', suiteDir, '--sandbox', sandboxUrl], env, graceMs: 60_000 })) });
  } finally {
    for (const one of lost) await one.stop();
    await sandbox.stop();
  }
}

type Story = { env: Env; suiteDir: string; backups: string; sandboxUrl: string; steps: OpsContext['steps']; start: () => Promise<void> };

async function loseAndRestore(story: Story): Promise<Verdict> {
  const { suiteDir, backups, steps } = story;
  const promises = createPromises(steps);
  const command = (name: 'backup' | 'restore', args: string[]) => runProgram(process.execPath, [...source, script(`${name}.ts`), '--state-dir', suiteDir, ...args], { cwd: root, env: { ...story.env, MEDIAI_BACKUP_PASSPHRASE: 'quatre mots pour un essai' }, timeoutMs: 300_000 });

  const first = await steps.run('suite', () => startSuite(story));
  const before = await steps.run('fiches, files, validations', () => prepare(createSuiteClient(first.gatewayUrl)));
  const audit = await auditOf(first);
  const working = keepWorking(createSuiteClient(first.gatewayUrl), before);
  const made = await steps.run('backup while people work', () => command('backup', ['--to', backups]));
  const meanwhile = await working.stop();
  await promises.that('a backup is made while people work', made.ok && meanwhile > 0, made.output);
  const file = join(backups, readdirSync(backups).find((name) => name.endsWith('.tar.zst.age')) ?? 'none');
  await promises.that('nothing but the whole file is left', readdirSync(backups).length === 1, readdirSync(backups).join(', '));
  await promises.that('a restore while the suite runs is refused', ...refusal(await command('restore', [file]), /already runs/));

  await steps.run('work that the backup cannot hold', () => workOn(createSuiteClient(first.gatewayUrl), before, story.sandboxUrl));
  await steps.run('kill -9, folders deleted', () => killEverything(suiteDir));
  for (const name of ['data', 'files', 'secrets', 'logs'] as const) rmSync(statePaths(suiteDir)[name], { recursive: true, force: true });
  await refuseDamaged(promises, command, file, suiteDir, backups);
  const began = Date.now();
  const restored = await steps.run('restore', () => command('restore', [file]));
  await promises.that('the backup is restored', restored.ok, restored.output);
  const second = await steps.run('suite, restored', () => startSuite(story));
  steps.print(`  backup ${(statSync(file).size / 1e6).toFixed(1)} MB; from the restore's beginning to a suite that answers ${((Date.now() - began) / 1000).toFixed(1)} s; ${meanwhile} acts during the backup`);
  await assertRestored(promises, story, second, before, audit);
  return promises.verdict();
}

/** Patients with fiches that were analysed, some of them validated, all with a file. */
async function prepare(client: SuiteClient): Promise<Acknowledged & { token: string }> {
  const [patient, medecin] = [await client.login('patient.demo'), await client.login('medecin.demo')];
  const ids: number[] = [];
  const attachments: Acknowledged['attachments'] = [];
  for (let n = 0; n < prepared; n += 1) {
    const { id } = await client.postFiche(patient, phone());
    attachments.push(await client.attach(patient, id, `Goutte épaisse ${id}`));
    ids.push(id);
  }
  for (const id of ids) await until(`analysis of ${id}`, () => client.readFiche(medecin, id), ({ status }) => status === 'analyse_terminee');
  for (const id of ids.slice(0, validatedBefore)) await client.validate(medecin, id);
  const fiches = await Promise.all(ids.map((id) => client.readFiche(patient, id)));
  // What the access of the patient before the loss was worth must be worth nothing after it.
  return { fiches, attachments, token: patient };
}

/** Validations of which the provider has the message by the time of the loss. */
async function workOn(client: SuiteClient, before: Acknowledged, sandboxUrl: string): Promise<void> {
  const medecin = await client.login('medecin.demo');
  for (const { id } of before.fiches.slice(validatedBefore + validatedMeanwhile)) await client.validate(medecin, id);
  await until('their messages', () => messagesAt(sandboxUrl), (messages) => messages.length >= prepared);
}

const messagesAt = async (sandboxUrl: string): Promise<Message[]> => ((await (await fetch(`${sandboxUrl}/sandbox/messages`)).json()) as { messages: Message[] }).messages;

let phones = 0;
/** A phone of its own for each fiche, so that a message says which fiche it is about. */
const phone = (): string => `+2438100${String((phones += 1)).padStart(5, '0')}`;

/** New fiches, files added and taken away, validations, until stopped. `stop` says how many acts were acknowledged. */
function keepWorking(client: SuiteClient, before: Acknowledged): { stop: () => Promise<number> } {
  const stopping = new AbortController();
  let acts = 0;
  const toValidate = before.fiches.slice(validatedBefore, validatedBefore + validatedMeanwhile).map(({ id }) => id);
  const work = async () => {
    const [patient, medecin] = [await client.login('patient.demo'), await client.login('medecin.demo')];
    while (!stopping.signal.aborted) {
      const { id } = await client.postFiche(patient, phone());
      const { id: kept } = await client.attach(patient, id, `Radiographie ${id}`);
      const next = toValidate.shift();
      if (next !== undefined) await client.validate(medecin, next);
      if (acts % 2 === 0) await client.detach(patient, kept);
      acts += 1;
    }
  };
  const working = work();
  working.catch(() => undefined); // told by `stop`
  return {
    async stop() {
      stopping.abort();
      await working;
      return acts;
    },
  };
}

async function startSuite({ suiteDir, start }: Story): Promise<SuiteState> {
  const { ready } = statePaths(suiteDir);
  rmSync(ready, { force: true });
  await start();
  return until('the suite', async () => readJson<SuiteState | undefined>(ready, undefined), (state) => state !== undefined, 240_000) as Promise<SuiteState>;
}

/** Every process of the suite, its launcher first so that it brings none back. */
async function killEverything(suiteDir: string): Promise<void> {
  const { pids } = statePaths(suiteDir);
  const names = readdirSync(pids).toSorted((a, b) => Number(b === 'supervisor.json') - Number(a === 'supervisor.json'));
  for (const name of names) {
    const { pid } = readJson<Identity>(join(pids, name), { pid: 0, startedAt: '' });
    if (pid > 1) process.kill(name === 'postgres.json' ? -pid : pid, 'SIGKILL');
  }
}

async function refuseDamaged(promises: Promises, command: (name: 'restore', args: string[]) => Promise<{ ok: boolean; output: string }>, file: string, suiteDir: string, backups: string): Promise<void> {
  const damaged = join(backups, 'damaged.tar.zst.age');
  copyFileSync(file, damaged);
  const bytes = readFileSync(damaged);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(damaged, bytes);
  await promises.that('a backup with one changed bit is refused', ...refusal(await command('restore', [damaged]), /damaged/));
  copyFileSync(file, damaged);
  truncateSync(damaged, statSync(file).size - 70_000);
  await promises.that('a backup that was cut is refused', ...refusal(await command('restore', [damaged]), /damaged/));
  // Ports, process ids and logs are the command's own.
  await promises.that('and nothing was put in its place', readdirSync(suiteDir, { recursive: true, withFileTypes: true }).every((entry) => entry.isDirectory() || /(^|\/)(logs|pids|ports\.json|control\.json)/.test(join(entry.parentPath, entry.name).slice(suiteDir.length + 1))), readdirSync(suiteDir, { recursive: true }).join(' '));
}

async function assertRestored(promises: Promises, { sandboxUrl }: Story, state: SuiteState, before: Acknowledged & { token: string }, audit: string[]): Promise<void> {
  const client = createSuiteClient(state.gatewayUrl);
  const [patient, medecin] = [await client.login('patient.demo'), await client.login('medecin.demo')];
  await promises.holds('people log in', () => client.me(patient), ({ username }) => username === 'patient.demo');
  await promises.holds('no token from before the loss is good', () => client.me(before.token).then(() => 'good', (error: { status?: number }) => error.status), (status) => status === 401);
  await promises.holds('every fiche that was acknowledged before the backup is there', async () => (await Promise.all(before.fiches.map(async (then) => differences(await client.readFiche(patient, then.id), then)))).flat(), (different) => different.length === 0);
  await promises.holds('with its file, byte for byte', () => Promise.all(before.attachments.map(({ id }) => client.download(patient, id))), (files) => files.every((bytes, at) => sha256(bytes) === before.attachments[at]?.sum));
  await promises.holds('the audit trail of before is unchanged', () => auditOf(state, audit), (now) => now.join() === audit.join());

  const fresh = await client.postFiche(patient, phone());
  await promises.holds('a new fiche is analysed', () => until('its analysis', () => client.readFiche(medecin, fresh.id), ({ status }) => status === 'analyse_terminee'), () => true);
  await promises.holds('no id from before the loss is given again', async () => fresh.id, (id) => id > 50_000);
  await promises.holds('analyses that the backup cut short end', () => until('the rest', () => query<{ n: number }>(state, 'consultation', "SELECT count(*)::int AS n FROM fiche_consultation WHERE status = 'en_analyse' AND deleted_at IS NULL"), ([row]) => row?.n === 0), () => true);
  await promises.holds('the projections are complete', () => until('projections', () => projectionGaps(state), (gaps) => gaps.length === 0), () => true);

  // Those whose validation was lost are validated again: their patients were told before the loss.
  const lost = (await Promise.all(before.fiches.map(({ id }) => client.readFiche(medecin, id)))).filter(({ status }) => status === 'analyse_terminee');
  await promises.that('what was done after the backup is lost', lost.length >= prepared - validatedBefore - validatedMeanwhile, `${lost.length} validations are`);
  for (const { id } of lost) await client.validate(medecin, id);
  await promises.holds('every patient is told', () => until('deliveries', () => query<{ n: number }>(state, 'notifications', "SELECT count(*)::int AS n FROM delivery WHERE etat IN ('envoye', 'livre')"), ([row]) => (row?.n ?? 0) >= prepared), () => true);
  await promises.holds('nobody is told twice', () => messagesAt(sandboxUrl), (messages) => messages.length >= prepared && new Set(messages.map(({ to, body }) => `${to} ${body}`)).size === messages.length);
  await promises.holds('every event has left', () => query<{ n: number }>(state, 'consultation', 'SELECT count(*)::int AS n FROM outbox WHERE sent_at IS NULL'), ([row]) => row?.n === 0);
}

/** What differs of what its patient wrote and of the numbers it was given; state and texts of the médecin go on. */
function differences(now: Fiche, then: Fiche): string[] {
  const written = ['id', 'numero_dossier', 'urgence', ...Object.keys(ficheComplete())];
  return written.filter((key) => JSON.stringify(now[key]) !== JSON.stringify(then[key])).map((key) => `${then.id} ${key}`);
}

const query = async <T extends object>(state: SuiteState, service: string, sql: string): Promise<T[]> =>
  withClient(withDatabase(state.parts.postgres?.url ?? '', `mediai_${service}`), async (client) => (await client.query<T>(sql)).rows);

/** `<service> <last id> <md5 of all lines up to it>` of each audit table; of those of `upTo` where given. */
async function auditOf(state: SuiteState, upTo?: string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const [at, service] of databaseServices.entries()) {
    const end = upTo ? Number(upTo[at]?.split(' ')[1]) : Number((await query<{ last: string }>(state, service, 'SELECT coalesce(max(id), 0) AS last FROM audit'))[0]?.last);
    const [row] = await query<{ sum: string }>(state, service, `SELECT md5(coalesce(string_agg(audit::text, chr(10) ORDER BY id), '')) AS sum FROM audit WHERE id <= ${end}`);
    lines.push(`${service} ${end} ${row?.sum}`);
  }
  return lines;
}

/** Fiches and users that a service does not know in their present version. */
async function projectionGaps(state: SuiteState): Promise<string[]> {
  const truth = { fiche: await query<{ id: number; version: number }>(state, 'consultation', 'SELECT id, version FROM fiche_consultation'), user: await query<{ id: number; version: number }>(state, 'auth', 'SELECT id, version FROM users') };
  const gaps: string[] = [];
  for (const [kind, services] of [['fiche', ['appointments', 'notifications']], ['user', ['consultation', 'appointments', 'ia', 'notifications']]] as const) {
    for (const service of services) {
      const known = new Map((await query<{ id: number; version: number }>(state, service, `SELECT id, version FROM ${kind}_projection`)).map(({ id, version }) => [id, version]));
      gaps.push(...truth[kind].filter(({ id, version }) => known.get(id) !== version).map(({ id }) => `${service} ${kind} ${id}`));
    }
  }
  return gaps;
}

const refusal = ({ ok, output }: { ok: boolean; output: string }, words: RegExp): [boolean, string] => [!ok && words.test(output), output];

type Promises = ReturnType<typeof createPromises>;

/** Counts what was promised and held. */
function createPromises(steps: OpsContext['steps']) {
  const broken: string[] = [];
  let kept = 0;
  const that = async (name: string, isKept: boolean, words: string): Promise<void> => {
    if (isKept) kept += 1;
    else broken.push(`${name}: ${words.trim().split('\n').slice(-6).join('\n')}`);
    steps.print(`  ${isKept ? '✓' : '✗'} ${name}`);
  };
  return {
    that,
    async holds<T>(name: string, ask: () => Promise<T>, pleases: (value: T) => boolean): Promise<void> {
      try {
        const value = await ask();
        await that(name, pleases(value), JSON.stringify(value)?.slice(0, 600) ?? '');
      } catch (error) {
        await that(name, false, (error as Error).message);
      }
    },
    verdict: (): Verdict => ({ passed: kept, failed: broken.length, words: broken.join('\n\n') }),
  };
}
