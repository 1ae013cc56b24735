/** How the names end that the schema engine gives to indexes; an index written by hand in a migration ends otherwise. */
const generatedIndexName = /_(idx|key|pkey)$/;

/**
 * Take out of a generated script what would undo objects that a migration's author wrote by hand and the schema
 * cannot say, in so far as the engine sees them at all. They are told by their names: an index whose name does not
 * end in `_idx`, `_key` or `_pkey` is theirs (use `_trgm`, `_excl`, `_partial` …).
 */
export function withoutHandWritten(script: string): string {
  const kept = splitSteps(script).filter((step) => {
    const sql = step.replace(/^--.*$/gm, '').trim();
    const index = /^DROP INDEX "([^"]+)";?$/.exec(sql)?.[1];
    return sql !== '' && (index === undefined || generatedIndexName.test(index));
  });
  return kept.length === 0 ? '' : `${kept.join('\n\n')}\n`;
}

/** The engine heads each step with a comment that names it (`-- CreateTable`). */
function splitSteps(script: string): string[] {
  return script.split(/\n(?=-- [A-Z])/).map((step) => step.trim());
}
