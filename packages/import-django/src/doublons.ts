/** 16 MiB, whatever the number of keys. */
const bits = 2 ** 27;

/**
 * Finds keys that several rows share, exactly and in fixed memory: every key is first shown to `remember`; then, in the
 * same or another order, `claim` tells for each row whether another one has claimed its key. Only keys whose place in a
 * bitmap was taken twice are kept.
 */
export function createDoublons() {
  const seen = new Uint32Array(bits / 32);
  const suspects = new Set<number>();
  const claimed = new Map<string, number>();

  return {
    remember(cle: string): void {
      const place = placeOf(cle);
      const mask = 1 << (place & 31);
      if ((seen[place >>> 5]! & mask) !== 0) suspects.add(place);
      else seen[place >>> 5]! |= mask;
    },
    /** False when the key is another row's already. */
    claim(cle: string, id: number): boolean {
      if (!suspects.has(placeOf(cle))) return true;
      const holder = claimed.get(cle);
      if (holder === undefined) claimed.set(cle, id);
      return holder === undefined || holder === id;
    },
  };
}

export type Doublons = ReturnType<typeof createDoublons>;

/** FNV-1a, 32 bits, folded to the bitmap. */
function placeOf(cle: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < cle.length; at++) hash = Math.imul(hash ^ cle.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 27)) >>> 0) % bits;
}
