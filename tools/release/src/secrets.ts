import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { git } from './repository.ts';

export type Text = { name: string; content: string };
/** What only looks like a secret: in which file, of which kind, and why it is none. */
export type NoSecret = { path: string; kind: string; reason: string };
export type Found = { path: string; line: number; kind: string };

const rules = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended, options: {}, rules: [] }];
/** Longer texts are generated; a secret that somebody pasted stands in a file that somebody wrote. */
const maxLength = 2_000_000;

/** Keys, tokens and passwords that stand in texts: where, and of what kind. Never the secret itself. */
export async function findSecrets(texts: AsyncIterable<Text> | Iterable<Text>): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { name, content } of texts) {
    if (content.includes('\0') || content.length > maxLength) continue;
    const { messages } = await lintSource({ source: { filePath: name, content, ext: name.slice(name.lastIndexOf('.')), contentType: 'text' }, options: { config: { rules }, maskSecrets: true, noPhysicFilePath: true } });
    found.push(...messages.map(({ loc, ruleId, messageId }) => ({ path: name, line: loc.start.line, kind: `${ruleId.replace('@secretlint/secretlint-rule-', '')} ${messageId}` })));
  }
  return found;
}

/** What of the findings is no known look-alike, and which look-alikes are gone: a sentence each. */
export function secretFaults(found: Found[], noSecrets: NoSecret[]): string[] {
  const same = (one: NoSecret | Found, other: NoSecret | Found): boolean => one.path === other.path && one.kind === other.kind;
  return [
    ...found.filter((one) => !noSecrets.some((known) => same(one, known))).map(({ path, line, kind }) => `${path}:${line} holds what looks like a secret (${kind}): take it out and make it void; if it is none, say why in tools/release/secrets-allow.json.`),
    ...noSecrets.filter((known) => !found.some((one) => same(one, known))).map(({ path, kind }) => `tools/release/secrets-allow.json: ${path} holds no ${kind} any more.`),
  ];
}

/** Every file that git tracks in a checkout, as it stands. */
export async function trackedTexts(root: string): Promise<Text[]> {
  const names = (await git(root, 'ls-files', '-z')).split('\0').filter((name) => name && existsSync(join(root, name)) && statSync(join(root, name)).isFile());
  return names.map((name) => ({ name, content: readFileSync(join(root, name), 'utf8') }));
}

/** Every text that any commit of a checkout ever held, also what later ones took out; each once, under a name it had. */
export async function* historicTexts(root: string): AsyncGenerator<Text> {
  const listed = (await git(root, 'rev-list', '--objects', '--all', '--filter=object:type=blob')).split('\n').filter((line) => line.includes(' '));
  const names = new Map(listed.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
  const child = spawn('git', ['cat-file', '--batch'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end([...names.keys()].map((id) => `${id}\n`).join(''));
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of child.stdout) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let taken = takeBlob(rest); taken; taken = takeBlob(rest)) {
      rest = taken.rest;
      yield { name: names.get(taken.id) ?? taken.id, content: taken.content };
    }
  }
}

/** One object of `git cat-file --batch` at the head of what has arrived; undefined while it is not there whole. */
function takeBlob(bytes: Buffer): { id: string; content: string; rest: Buffer } | undefined {
  const lineEnd = bytes.indexOf('\n');
  if (lineEnd < 0) return undefined;
  const [id = '', , size = '0'] = bytes.subarray(0, lineEnd).toString().split(' ');
  const end = lineEnd + 1 + Number(size);
  return bytes.length <= end ? undefined : { id, content: bytes.subarray(lineEnd + 1, end).toString(), rest: Buffer.from(bytes.subarray(end + 1)) };
}
