import { parentPort } from 'node:worker_threads';
import type { DocumentImprime } from '../document.ts';

const GESTES: Record<string, () => void> = {
  'sans fin': () => {
    for (;;) Math.random();
  },
  chute: () => process.exit(3),
  erreur: () => {
    throw new Error('a fault of this test');
  },
  impossible: () => parentPort?.postMessage({ erreur: 'TypeError' }, []),
  attendre: () => undefined, // until it is ended
};

/** A worker of tests: its document's number says what it does; any other it gives back. */
parentPort?.on('message', ({ numero }: DocumentImprime) => {
  const geste = GESTES[numero] ?? (() => parentPort?.postMessage({ octets: new TextEncoder().encode(numero) }, []));
  geste();
});
