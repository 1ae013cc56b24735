import { create, fromBinary, toBinary, type DescMessage, type DescMethodUnary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { AppError } from '@mediai/kit/errors';
import type { CallContext } from '@mediai/kit/grpc';
import type { Idempotence, Once } from './idempotence.ts';

/**
 * How the answer of a method that takes an Idempotency-Key is written, and read again when it is given a second time
 * (then with `replayed`, where the answer has it).
 */
export function createAnswer<I extends DescMessage, O extends DescMessage, T>({ input, output, name }: DescMethodUnary<I, O>, toInit: (done: T) => MessageInitShape<O>) {
  return {
    /** The key of this call, its route and its body; undefined without one. @throws AppError invalid `idempotence.cle_invalide` */
    key(request: MessageShape<I>, { idempotencyKey: cle, acteur }: CallContext): Idempotence<T> | undefined {
      if (cle === undefined) return undefined;
      if (!/^[\x21-\x7e]{1,255}$/.test(cle)) throw new AppError('invalid', 'idempotence.cle_invalide', "La clé d'idempotence doit compter 1 à 255 caractères visibles.");
      return { acteurId: acteur?.id ?? 0, route: name, cle, corps: toBinary(input, request), ecrire: (done) => toBinary(output, create(output, toInit(done))) };
    },
    read(once: Once<T>): MessageInitShape<O> {
      if ('done' in once) return toInit(once.done);
      const first = fromBinary(output, once.replayed);
      return (output.field['replayed'] ? { ...first, replayed: true } : first) as MessageInitShape<O>;
    },
  };
}
