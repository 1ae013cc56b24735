import type { Measurement } from '../measurement.ts';
import { checkSameAnswers } from '../same-answers.ts';
import { startTargets } from '../target/start-targets.ts';

/** Whether suite, floor and hop do the same work: the first answer in which they differ is an error. */
export const answersMeasurement: Measurement = {
  name: 'answers', title: 'The same answers', notQuick: true,
  run: async (bench) => {
    const undos: (() => Promise<void>)[] = [];
    try {
      const targets = await startTargets(bench, (undo) => void undos.push(undo));
      const url = (name: string): string => targets.find((target) => target.name === name)?.url ?? '';
      const databases = Object.fromEntries(Object.entries(await bench.services()).flatMap(([name, { databaseUrl }]) => (databaseUrl ? [[name, databaseUrl]] : [])));
      const compared = await checkSameAnswers({ suite: url('suite'), floor: url('floor'), hop: url('hop') }, databases);
      return { table: `${compared.length} answers of floor and hop are those of the suite.`, json: { compared } };
    } finally {
      for (const undo of undos) await undo();
    }
  },
};
