import type { Answer } from './ask.ts';

/** Characters of two bodies that are shown around the place where they part. */
const SHOWN = 60;

function firstDifference(expected: string, actual: string): number {
  const length = Math.min(expected.length, actual.length);
  for (let at = 0; at < length; at++) if (expected[at] !== actual[at]) return at;
  return length;
}

const around = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - SHOWN), at + SHOWN));

/** Where two answers part, in words; undefined where they are the same. */
export function differenceOf(expected: Answer, actual: Answer): string | undefined {
  for (const part of ['status', 'type', 'etag'] as const) if (expected[part] !== actual[part]) return `${part}: ${expected[part]} is expected, ${actual[part]} came: ${actual.body.slice(0, 300)}`;
  if (expected.body === actual.body) return undefined;
  const at = firstDifference(expected.body, actual.body);
  return `at character ${at}: ${around(expected.body, at)} is expected, ${around(actual.body, at)} came`;
}

/** What no two writes have in common: their ids, numbers, instants, versions. */
const OWN: [RegExp, string][] = [
  [/"id":\d+/g, '"id":0'],
  [/"numero_dossier":"CONS-\d{8}-\d+"/g, '"numero_dossier":"CONS-19700101-001"'],
  [/"version":\d+/g, '"version":0'],
  [/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g, '"1970-01-01T00:00:00.000Z"'],
  [/"heure_(debut|fin)":"\d\d:\d\d:\d\d"/g, '"heure_$1":"00:00:00"'],
];

/** An answer to a write without what is its own: keys, their order, types and every other value are compared. */
export function withoutOwn({ status, type, etag, body }: Answer): Answer {
  return { status, type, etag: etag.replace(/\d+/, '0'), body: OWN.reduce((text, [own, same]) => text.replace(own, same), body) };
}
