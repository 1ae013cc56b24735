import { randomBytes } from 'node:crypto';
import { readJson, writeJson } from './json-file.ts';

/** Passwords and secrets of a state directory: made at their first use, kept in a file that only its owner reads. */
export function createSecrets(file: string): (name: string) => string {
  return (name) => {
    const known = readJson<Record<string, string>>(file, {});
    const value = known[name] ?? randomBytes(24).toString('hex');
    if (!known[name]) writeJson(file, { ...known, [name]: value }, 0o600);
    return value;
  };
}
