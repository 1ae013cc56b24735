import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../../../docs/exploitation.md');
const [begin, end] = ['<!-- capacity:begin -->', '<!-- capacity:end -->'] as const;

/** Puts the tables into docs/exploitation.md. @throws where the page has lost their place */
export function writeDocs(text: string): void {
  const doc = readFileSync(file, 'utf8');
  if (!doc.includes(begin) || !doc.includes(end)) throw new Error(`docs/exploitation.md has no ${begin} … ${end}`);
  writeFileSync(file, `${doc.slice(0, doc.indexOf(begin) + begin.length)}\n${text}\n${doc.slice(doc.indexOf(end))}`);
}
