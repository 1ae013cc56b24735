import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renewBaseline } from './contracts/contracts.ts';
import { git, ownRoot } from './repository.ts';

export const protoFile = 'proto/mediai/essai/v1/essai_service.proto';
const proto = `syntax = "proto3";
package mediai.essai.v1;
service EssaiService {
  rpc Ask(AskRequest) returns (AskResponse);
  rpc AskOften(AskOftenRequest) returns (AskOftenResponse);
}
message AskRequest { int32 id = 1; string nom = 2; }
message AskResponse { string nom = 1; }
message AskOftenRequest { int32 id = 1; }
message AskOftenResponse { string nom = 1; }
`;
const events = `syntax = "proto3";
package mediai.essai.v1;
message EssaiCreated { int32 id = 1; }
`;
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const workspace = (name: string, more: object = {}) => json({ name: `@mediai/${name}`, version: '1.3.0', private: true, ...more });

const files: Record<string, string> = {
  '.gitignore': '.mediai/\n',
  'package.json': json({ name: 'essai', version: '0.0.0', private: true, workspaces: ['proto', 'services/*'] }),
  'package-lock.json': json({
    lockfileVersion: 3,
    packages: {
      '': { name: 'essai', version: '0.0.0' },
      proto: { name: '@mediai/proto', version: '1.3.0' },
      'services/consultation': { name: '@mediai/consultation', version: '1.3.0', license: 'MIT' },
      'services/notifications': { name: '@mediai/notifications', version: '1.3.0', license: 'MIT', dependencies: { pino: '10.4.0' }, devDependencies: { jest: '30.5.2' } },
      'node_modules/pino': { version: '10.4.0', license: 'MIT' },
      'node_modules/jest': { version: '30.5.2', license: 'MIT', dev: true },
    },
  }),
  'proto/package.json': workspace('proto'),
  'services/consultation/package.json': workspace('consultation'),
  'services/notifications/package.json': workspace('notifications', { dependencies: { pino: '10.4.0' }, devDependencies: { jest: '30.5.2' } }),
  'services/notifications/prisma/migrations/20260101000000_first/migration.sql': 'CREATE TABLE "envoi" ("id" INTEGER NOT NULL, "texte" TEXT);\n',
  '.changeset/both.md': "---\n'@mediai/notifications': minor\n'@mediai/consultation': patch\n---\n\nA message says when it was read.\n",
  '.changeset/mine.md': "---\n'@mediai/notifications': patch\n---\n\nA long message is cut at a word.\n",
  '.changeset/theirs.md': "---\n'@mediai/consultation': minor\n---\n\nA fiche can be printed.\n",
  [protoFile]: proto,
  'proto/mediai/essai/v1/events.proto': events,
};

export type TestRepository = {
  root: string;
  write: (path: string, text: string) => void;
  read: (path: string) => string;
  /** Commits all that was written. */
  commit: () => Promise<void>;
  git: (...args: string[]) => Promise<string>;
  remove: () => void;
};

let template: Promise<string> | undefined;

async function makeTemplate(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'mediai-release-'));
  for (const [path, text] of Object.entries(files)) writeIn(root, path, text);
  for (const path of ['.changeset/config.json', 'proto/buf.yaml']) cpSync(join(ownRoot, path), join(root, path));
  await renewBaseline(root);
  await git(root, 'init', '--quiet', '--initial-branch', 'main');
  await git(root, 'config', 'user.name', 'Essai');
  await git(root, 'config', 'user.email', 'essai@example.org');
  await commitAll(root);
  return root;
}

/** A git repository of the suite's shape for one test, on its branch main, everything committed, at 1.3.0 throughout. */
export async function createTestRepository(): Promise<TestRepository> {
  const root = mkdtempSync(join(tmpdir(), 'mediai-release-'));
  cpSync(await (template ??= makeTemplate()), root, { recursive: true });
  return {
    root,
    write: (path, text) => writeIn(root, path, text),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    commit: () => commitAll(root),
    git: (...args) => git(root, ...args),
    remove: () => rmSync(root, { recursive: true }),
  };
}

/** Removes what all the repositories of a suite were copied from. */
export async function removeTestRepositories(): Promise<void> {
  if (template) rmSync(await template, { recursive: true });
  template = undefined;
}

function writeIn(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function commitAll(root: string): Promise<void> {
  await git(root, 'add', '--all');
  await git(root, 'commit', '--quiet', '-m', 'chore: change');
}
