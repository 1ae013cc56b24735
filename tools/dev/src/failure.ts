/** What the person at the keyboard reads: one sentence that says what is wrong and what to do. Never a stack trace. */
export class Failure extends Error {
  override name = 'Failure';
}

/** True where the text of an error or of a log says that the disk is full; 53100 is PostgreSQL's disk_full. */
export function isDiskFull(text: string): boolean {
  return /ENOSPC|No space left on device|\b53100\b|could not extend file .*: wrote only/i.test(text);
}

/**
 * The sentence of any error: a Failure's own words, the remedy for a full disk, otherwise the error's first line.
 * @param error whatever was thrown
 * @param where a folder to name when the disk is full
 */
export function sentenceOf(error: unknown, where: string): string {
  const text = error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : String(error);
  if (isDiskFull(text)) return `The disk that holds ${where} is full: free some space (1 GB is enough) and run the command again.`;
  if (error instanceof Failure) return error.message;
  return error instanceof Error ? error.message.split('\n')[0]! : text;
}
