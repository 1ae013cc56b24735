export type Steps = {
  /** Shows a step while `work` runs, then its time. `work` may note its progress; what it returns is shown when it is a string. */
  run<T>(name: string, work: (note: (text: string) => void) => Promise<T>, isGood?: (result: T) => boolean): Promise<T>;
  /** Prints lines above the progress. */
  print(text: string): void;
};

/** Where no line can live, progress is told this often at most. */
const quietMs = 5000;
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Seconds, with one decimal. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/**
 * Progress on a stream: on a terminal one living line that names every step under way, elsewhere a line at the
 * beginning and one at the end of each.
 */
export function createSteps(out: NodeJS.WriteStream = process.stdout): Steps {
  const active = new Map<string, { began: number; note: string }>();
  const isTerminal = Boolean(out.isTTY);
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const clear = () => void (isTerminal && active.size > 0 && out.write('\r\x1b[K'));
  const draw = () => {
    if (!isTerminal || active.size === 0) return;
    const parts = [...active].map(([name, { began, note }]) => `${name} ${seconds(Date.now() - began)}${note ? ` (${note})` : ''}`);
    out.write(`\r\x1b[K${frames[(frame = (frame + 1) % frames.length)]} ${parts.join(' · ')}`.slice(0, out.columns ?? 200));
  };
  const print = (text: string) => {
    clear();
    out.write(`${text}\n`);
    draw();
  };

  async function run<T>(name: string, work: (note: (text: string) => void) => Promise<T>, isGood: (result: T) => boolean = () => true): Promise<T> {
    const state = { began: Date.now(), note: '' };
    let toldAt = Date.now();
    if (!isTerminal) out.write(`▸ ${name}\n`);
    active.set(name, state);
    timer ??= setInterval(draw, 120).unref();
    let mark = '✗';
    let said = '';
    try {
      const result = await work((text) => {
        state.note = text;
        if (isTerminal || Date.now() - toldAt < quietMs) return;
        toldAt = Date.now();
        out.write(`  ${name}: ${text} (${seconds(Date.now() - state.began)})\n`);
      });
      mark = isGood(result) ? '✓' : '✗';
      said = typeof result === 'string' && result ? `  ${result}` : '';
      return result;
    } finally {
      clear();
      active.delete(name);
      out.write(`${mark} ${name}  ${seconds(Date.now() - state.began)}${said}\n`);
      if (active.size === 0) timer = void clearInterval(timer);
      draw();
    }
  }

  return { run, print };
}
