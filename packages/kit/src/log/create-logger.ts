import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { currentRequestId } from '../telemetry/request-context.ts';
import { currentTrace } from '../telemetry/spans.ts';
import { allowFields, quotesError } from './fields.ts';
import { openLineOutput } from './line-output.ts';

export type Logger = PinoLogger;

export type LoggerOptions = {
  service: string;
  /** Least severe level that is written; default `info`. */
  level?: string;
  /** Where lines go; default standard output, several at a time. */
  stream?: DestinationStream;
};

/**
 * A JSON logger: `log.info({ fiche_id: 12 }, 'fiche created')`. Only allow-listed fields are written, `err` without its
 * message; request_id, trace_id and span_id come from the context. Messages are constant texts: interpolation
 * arguments are ignored, and a message that quotes `err`'s is replaced.
 */
export function createLogger({ service, level = 'info', stream = openLineOutput() }: LoggerOptions): Logger {
  const logger = pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      serializers: {},
      mixin: contextFields,
      formatters: { level: (label) => ({ level: label }), bindings: allowFields, log: allowFields },
      hooks: {
        logMethod(args, method) {
          const [fields, message] = readArguments(args);
          method.apply(this, [fields, message]);
        },
      },
    },
    stream,
  );
  return Object.assign(logger, filteredBindings(logger));
}

/** pino formats the bindings of the root logger only; children inherit these two methods and so are filtered as well. */
function filteredBindings({ child, setBindings }: Logger): Pick<Logger, 'child' | 'setBindings'> {
  return {
    child(bindings, options) {
      return child.call(this, allowFields(bindings), options) as never;
    },
    setBindings(bindings) {
      setBindings.call(this, allowFields(bindings));
    },
  };
}

function contextFields(): Record<string, string> {
  const requestId = currentRequestId();
  const span = currentTrace();
  return {
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(span ? { trace_id: span.traceId, span_id: span.spanId } : {}),
  };
}

function readArguments([first, second]: unknown[]): [Record<string, unknown>, string] {
  if (typeof first === 'string') return [{}, first];
  const fields = first instanceof Error ? { err: first } : ((first ?? {}) as Record<string, unknown>);
  const message = typeof second === 'string' ? second : 'error' in fields || 'err' in fields ? 'error' : '';
  return [fields, quotesError(message, fields['err']) ? 'error' : message];
}
