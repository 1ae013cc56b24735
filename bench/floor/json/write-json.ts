/** Parts of JSON texts. A text of a few characters costs less to look through than to hand to `JSON.stringify`. */
const PLAIN = /^[ !#-[\]-\u{D7FF}\u{E000}-\u{FFFF}]*$/u;
const SHORT = 40;

/** A text as JSON, or null. */
export function text(value: string | null | undefined): string {
  if (value === null || value === undefined) return 'null';
  return value.length < SHORT && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** A number or a flag as JSON, or null. */
export const plain = (value: number | boolean | null | undefined): string => (value === null || value === undefined ? 'null' : String(value));

/** An instant as JSON (ISO 8601), or null. */
export const instant = (value: Date | null | undefined): string => (value ? `"${value.toISOString()}"` : 'null');
