import { isIP } from 'node:net';
import type { CallContext } from '@mediai/kit/grpc';

/** The client's network address: the one of the message where it is one, else that of the call; empty when neither is known. */
export function adresseOf({ adresse }: { adresse: string }, { adresse: caller = '' }: CallContext): string {
  return isIP(adresse) === 0 ? caller : adresse;
}
