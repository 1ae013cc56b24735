export type FixedClock = {
  now: () => Date;
  /** Move on by so many milliseconds. */
  advance: (byMs: number) => void;
  set: (iso: string) => void;
};

/** A clock that stands at an instant (ISO 8601 with offset) until it is moved. */
export function fixedClock(iso: string): FixedClock {
  let currentMs = Date.parse(iso);
  if (Number.isNaN(currentMs)) throw new RangeError(`not an instant: ${iso}`);
  return {
    now: () => new Date(currentMs),
    advance: (byMs) => { currentMs += byMs; },
    set: (next) => { currentMs = fixedClock(next).now().getTime(); },
  };
}
