/** How much a client wants a media type, of its Accept header (RFC 9110, section 12.5.1): the most precise range counts. */
function qualityOf(accept: string, [type, subtype]: readonly [string, string]): number {
  const ranges = accept.toLowerCase().split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, q: q === undefined ? 1 : Number(q.slice(2)) || 0 };
  });
  for (const name of [`${type}/${subtype}`, `${type}/*`, '*/*']) {
    const found = ranges.find((range) => range.name === name);
    if (found) return found.q;
  }
  return 0;
}

/** Whether a client asks for a page rather than for JSON; one that does not care gets JSON. */
export const prefersHtml = (accept: string | undefined): boolean => accept !== undefined && accept.length <= 1_000 && qualityOf(accept, ['text', 'html']) > qualityOf(accept, ['application', 'json']);
