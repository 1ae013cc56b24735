import { describe, expect, test } from '@jest/globals';
import { AppError } from '../errors/index.ts';
import { runWithRequest } from '../telemetry/index.ts';
import { createLogger } from './index.ts';

const canary = 'Mwamba Tshisekedi';

function capture(level = 'trace') {
  const lines: string[] = [];
  const log = createLogger({ service: 'essai', level, stream: { write: (line) => void lines.push(line) } });
  return { log, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) as string) as Record<string, unknown> };
}

describe('a log line', () => {
  test('holds service, level name, time, message and allowed fields', () => {
    const { log, last } = capture();
    log.info({ fiche_id: 12, topic: 't', offset: 3n.toString() }, 'fiche created');
    expect(last()).toEqual({ service: 'essai', level: 'info', time: expect.any(String), msg: 'fiche created', fiche_id: 12, topic: 't', offset: '3' });
  });

  test('carries the request id of its context, in children too', () => {
    const { log, last } = capture();
    runWithRequest({ requestId: 'req-7' }, () => log.child({ topic: 't' }).info('x'));
    expect(last()).toMatchObject({ request_id: 'req-7', topic: 't' });
  });

  test('tells type, code, frames and causes of an error', () => {
    const { log, last } = capture();
    log.error({ err: new AppError('conflict', 'fiche.deja_validee', 'Déjà validée.', { cause: Object.assign(new TypeError('x'), { code: '23505' }) }) }, 'failed');
    expect(last()['err']).toMatchObject({ type: 'AppError', kind: 'conflict', code: 'fiche.deja_validee', cause: { type: 'TypeError', code: '23505' } });
    expect(JSON.stringify(last()['err'])).toContain('log.test.ts');
  });
});

describe('a patient’s name never reaches the log', () => {
  const leaky = Object.assign(new Error(`duplicate key (nom)=(${canary})\n    at ${canary} (a.ts:1:1)`, { cause: new Error(canary, { cause: { stack: canary, message: canary } }) }), {
    detail: canary,
    code: canary,
    name: canary,
  });
  const circular: Record<string, unknown> = { nom: canary };
  circular['self'] = circular;

  test.each<[string, (log: ReturnType<typeof capture>['log']) => void]>([
    ['unknown field', (log) => log.info({ nom: canary, patient: { nom: canary } }, 'x')],
    ['object under an allowed name', (log) => log.info({ topic: { nom: canary }, reason: [canary] }, 'x')],
    ['child binding', (log) => log.child({ nom: canary }).info('x')],
    ['setBindings', (log) => (log.setBindings({ nom: canary }), log.info('x'))],
    ['bindings of a child of a child', (log) => {
      const child = log.child({ topic: 't' }).child({ nom: canary });
      child.setBindings({ nom: canary });
      child.info({ nom: canary }, 'x');
    }],
    ['circular object', (log) => log.info(circular, 'x')],
    ['interpolation', (log) => log.info('patient %s', canary)],
    ['interpolation after fields', (log) => log.info({ fiche_id: 1 }, 'patient %s', canary)],
    ['error as the only argument', (log) => log.error(leaky)],
    ['error without a message', (log) => log.error({ err: leaky })],
    ['error with its message as the message', (log) => log.error({ err: leaky }, leaky.message)],
    ['cause quoted in the message', (log) => log.error({ err: leaky }, `failed: ${canary}`)],
    ['error under another name', (log) => log.error({ error: leaky, cause: leaky }, 'x')],
    ['aggregate of errors', (log) => log.error({ err: new AggregateError([leaky], canary) }, 'x')],
    ['thrown text', (log) => log.error({ err: canary }, 'x')],
    ['AppError detail and fields', (log) => log.error({ err: new AppError('invalid', 'c', canary, { fields: { nom: [canary] }, cause: leaky }) }, 'x')],
  ])('%s', (_case, write) => {
    const { log, text } = capture();
    write(log);
    expect(text()).not.toBe('');
    expect(text()).not.toContain('Mwamba');
  });
});
