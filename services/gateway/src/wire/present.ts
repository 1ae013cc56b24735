import { AppError } from '@mediai/kit/errors';

/** What a service always answers with. @throws AppError internal without it: a fault of the service */
export function present<T>(answered: T | undefined): T {
  if (answered === undefined) throw new AppError('internal');
  return answered;
}
