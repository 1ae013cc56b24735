import { AppError, firstFieldMessage, toAppError, type FieldErrors } from './app-error.ts';
import { kinds } from './kinds.ts';

/** RFC 9457 members, plus one array of French messages per invalid field. */
export type ProblemDocument = {
  type: string;
  /** The status in words; the messages of a field of this name where there is one. */
  title: string | string[];
  status: number;
  detail: string;
  code: string;
  request_id?: string;
  [field: string]: string | number | string[] | undefined;
};

export const problemContentType = 'application/problem+json';
const reserved = new Set(['type', 'status', 'detail', 'code', 'request_id', 'instance']);

/** HTTP status of any thrown value. */
export function httpStatus(thrown: unknown): number {
  return kinds[toAppError(thrown).kind].http;
}

/**
 * The body of an error answer (RFC 9457, `application/problem+json`). Texts of internal errors are hidden. A field whose
 * name is a reserved member (`status`, `code`…) has its messages under `non_field_errors`, prefixed with its name. A field
 * `title` stands in the place of the advisory member: clients show it under their input, and RFC 9457 (section 3.1) has
 * others ignore a member of another type.
 */
export function problemDocument(thrown: unknown, requestId?: string): ProblemDocument {
  const error = publicError(thrown);
  const { http, title } = kinds[error.kind];
  const fields = memberFields(error.fields ?? {});
  return {
    type: 'about:blank',
    title,
    status: http,
    detail: saysFirst(error, fields) ? error.detail : (firstFieldMessage(fields) ?? error.detail),
    code: error.code,
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...fields,
  };
}

/** Whether the detail is the first field's message as it stands: that message names its field itself. */
const saysFirst = ({ detail }: AppError, fields: FieldErrors): boolean => detail === Object.values(fields).flat()[0];

/** The same error without what the public may not read: an internal one keeps only its kind. */
export function publicError(thrown: unknown): AppError {
  const error = toAppError(thrown);
  return error.kind === 'internal' ? new AppError('internal', undefined, undefined, { cause: error.cause }) : error;
}

function memberFields(fields: FieldErrors): FieldErrors {
  const members: FieldErrors = {};
  for (const [field, messages] of Object.entries(fields)) {
    if (messages.length === 0) continue;
    if (reserved.has(field)) (members['non_field_errors'] ??= []).push(...messages.map((message) => `${field} : ${message}`));
    else (members[field] ??= []).push(...messages);
  }
  return members;
}
