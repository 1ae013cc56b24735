export { AppError, firstFieldMessage, forbidden, invalid, invalidNamed, isAway, notFound, toAppError, unauthenticated, unavailable } from './app-error.ts';
export type { AppErrorOptions, FieldErrors } from './app-error.ts';
export { kindOfGrpcStatus, kinds } from './kinds.ts';
export type { ErrorKind } from './kinds.ts';
export { httpStatus, problemContentType, problemDocument, publicError } from './problem.ts';
export type { ProblemDocument } from './problem.ts';
export { errorMetadataKey, fromServiceError, toServiceError } from './service-error.ts';
export type { ServiceErrorShape } from './service-error.ts';
