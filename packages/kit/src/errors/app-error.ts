import { kinds, type ErrorKind } from './kinds.ts';

/** French messages by field name; `non_field_errors` holds those about the whole object. */
export type FieldErrors = Record<string, string[]>;

export type AppErrorOptions = {
  /** What went wrong underneath: for the log only, never shown. */
  cause?: unknown;
  fields?: FieldErrors;
  retryAfterSeconds?: number;
};

/**
 * The one error the suite throws on purpose. `code` is stable (`fiche.deja_validee`), `detail` is public French text;
 * both default to the generic ones of the kind.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly detail: string;
  readonly fields: FieldErrors | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ErrorKind, code: string = kinds[kind].code, detail: string = kinds[kind].detail, options: AppErrorOptions = {}) {
    // The message is the code: whatever prints an error must not print text that may quote what a user typed.
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.code = code;
    this.detail = detail;
    this.fields = options.fields;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** 400 naming each faulty field; `detail` names the first of them. */
export function invalid(fields: FieldErrors, code?: string): AppError {
  return new AppError('invalid', code, firstFieldMessage(fields), { fields });
}

/** 400 whose messages name their fields themselves: the first of them is the detail as it stands. */
export function invalidNamed(fields: FieldErrors, code?: string): AppError {
  return new AppError('invalid', code, Object.values(fields).flat()[0], { fields });
}

/** 404; missing and not-yours-to-see are the same answer. */
export function notFound(code?: string, detail?: string): AppError {
  return new AppError('not_found', code, detail);
}

/** 403 for a role or a state of the account. */
export function forbidden(code?: string, detail?: string): AppError {
  return new AppError('forbidden', code, detail);
}

/** 401. */
export function unauthenticated(code?: string, detail?: string): AppError {
  return new AppError('unauthenticated', code, detail);
}

/** 503 with Retry-After: a part or a service that is not there for now. */
export function unavailable(cause?: unknown, retryAfterSeconds = 2): AppError {
  return new AppError('unavailable', undefined, undefined, { cause, retryAfterSeconds });
}

/** Any thrown value as an AppError: the unknown becomes `internal` with the generic text and itself as cause. */
export function toAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : new AppError('internal', undefined, undefined, { cause: thrown });
}

/** `champ : message` of the first invalid field; the message alone when it is about the whole object. */
export function firstFieldMessage(fields: FieldErrors): string | undefined {
  const first = Object.entries(fields).find(([, messages]) => messages.length > 0);
  if (!first) return undefined;
  const [field, messages] = first;
  return field === 'non_field_errors' ? messages[0] : `${field} : ${messages[0]}`;
}

/** Whether something failed because a part or a service is not there for now, so that one may go on without its word. */
export function isAway(thrown: unknown): boolean {
  return thrown instanceof AppError && (thrown.kind === 'unavailable' || thrown.kind === 'deadline');
}
