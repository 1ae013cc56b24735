import type { Acteur } from '@mediai/kit/acteur';
import { unauthenticated } from '@mediai/kit/errors';
import type { CallContext } from '@mediai/kit/grpc';

/** The verified caller. @throws AppError unauthenticated */
export function acteurOf({ acteur }: CallContext): Acteur {
  if (!acteur) throw unauthenticated();
  return acteur;
}
