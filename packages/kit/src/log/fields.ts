/** The fields a log line may hold. Anything else is dropped: a clinical or identifying value has no name here. */
const allowedFields = new Set([
  'service', 'level', 'time', 'msg', 'mode', 'version',
  'request_id', 'trace_id', 'span_id', 'method', 'route', 'status', 'duration_ms', 'code', 'kind',
  'topic', 'partition', 'offset', 'lag', 'group', 'event_id', 'event_type', 'attempt', 'backlog', 'delay_ms',
  'job_id', 'task_id', 'task', 'analyse_id', 'fiche_id', 'conversation_id', 'appointment_id', 'delivery_id', 'user_id', 'etablissement_id',
  'provider', 'voice', 'model', 'channel', 'breaker', 'state', 'count', 'bytes', 'cost', 'tokens',
  'host', 'port', 'address', 'peer', 'signal', 'queue', 'reason', 'database', 'migration', 'check', 'kid',
]);

const maxTextLength = 300;
const maxCauses = 4;
const maxFrames = 20;

export type LoggedError = { type: string; code?: string | number; kind?: string; stack: string[]; cause?: LoggedError };

/** Keeps the allowed scalar fields of an object and its `err`, the latter without its texts. */
export function allowFields(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'err') kept['err'] = describeError(value);
    else if (allowedFields.has(name) && isScalar(value)) kept[name] = typeof value === 'string' ? value.slice(0, maxTextLength) : value;
  }
  return kept;
}

/**
 * Type, code and stack frames of an error and of its causes. Messages are dropped: a driver's or a model's may quote a
 * patient. (The message of an AppError is its code, which is kept.)
 */
export function describeError(thrown: unknown, depth = 1): LoggedError {
  if (!(thrown instanceof Error) && !hasStack(thrown)) return { type: typeof thrown, stack: [] };
  const error = thrown as Error & { code?: unknown; kind?: unknown };
  return {
    type: identifier(error.name) ?? 'Error',
    ...(codeOf(error.code) === undefined ? {} : { code: codeOf(error.code) }),
    ...(identifier(error.kind) ? { kind: identifier(error.kind) } : {}),
    stack: frames(error),
    ...(error.cause !== undefined && depth < maxCauses ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** Whether `text` quotes the message of an error or of one of its causes. */
export function quotesError(text: string, thrown: unknown, depth = 1): boolean {
  if (!hasStack(thrown)) return false;
  const { message, cause } = thrown as Error;
  return (typeof message === 'string' && message !== '' && text.includes(message)) || (depth < maxCauses && quotesError(text, cause, depth + 1));
}

function frames(error: Error): string[] {
  const stack = typeof error.stack === 'string' ? error.stack : '';
  const afterMessage = error.message && stack.includes(error.message) ? stack.slice(stack.indexOf(error.message) + error.message.length) : stack;
  return afterMessage
    .split('\n')
    .filter((line) => /^\s+at .*(:\d+:\d+\)?|<anonymous>\)?|native\)?)$/.test(line))
    .slice(0, maxFrames)
    .map((line) => line.trim());
}

function codeOf(code: unknown): string | number | undefined {
  return typeof code === 'number' ? code : typeof code === 'string' && /^[\w.-]{1,80}$/.test(code) ? code : undefined;
}

function identifier(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z_]\w{0,60}$/.test(value) ? value : undefined;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
}

function hasStack(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'stack' in value;
}
