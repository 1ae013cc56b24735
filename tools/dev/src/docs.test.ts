import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
const messagesIn = (paths: string[]): string[] => paths.flatMap((path) => [...read(path).matchAll(/^(?:message|enum) (\w+)/gm)].map((match) => match[1] ?? ''));
const protos = globSync('proto/**/*.proto', { cwd: ROOT });

describe('the documents', () => {
  it('glossaire.md names every proto message that is not a request or a response', () => {
    const glossary = read('docs/glossaire.md');
    const terms = messagesIn(protos).filter((name) => !/(Request|Response)$/.test(name) || name === 'AnalyseRequested');
    expect(terms.length).toBeGreaterThan(30);
    expect(terms.filter((name) => !glossary.includes(`\`${name}\``))).toEqual([]);
  });

  it('evenements.md names every event and every topic', () => {
    const events = read('docs/evenements.md');
    const names = messagesIn(protos.filter((path) => path.endsWith('events.proto'))).filter((name) => !name.endsWith('State'));
    expect(names.filter((name) => !events.includes(`\`${name}\``))).toEqual([]);
    const topics = [...read('packages/events/src/topics.ts').matchAll(/'(mediai\.[a-z]+\.[a-z]+\.v1)'/g)].map((match) => match[1] ?? '');
    expect(topics.length).toBeGreaterThan(5);
    expect(topics.filter((topic) => !events.includes(`\`${topic}\``))).toEqual([]);
  });
});
