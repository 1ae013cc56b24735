import { create, fromBinary, toBinary, type DescMessage, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { AppError } from '@mediai/kit/errors';
import { acteurOf, type CallContext } from '@mediai/kit/grpc';
import type { Cle } from '../acces/journal.ts';
import type { Demande, Reponse } from './change-fiche.ts';
import type { Lecture } from './open-fiche.ts';
import type { VueFiche } from './vue.ts';

/** A request that names a fiche -> who asks for which, and why. */
export function lecture({ id }: { id: number }, ctx: CallContext): Lecture {
  return { acteur: acteurOf(ctx), id, motif: ctx.accessReason };
}

type Ecrire = (vue: VueFiche) => Uint8Array;
type Requete = Message & { id: number; versionAttendue?: number | undefined };

/** A request that changes a fiche -> command; with a writer, its Idempotency-Key counts. */
export function demande(methode: keyof Methodes, request: Requete, ctx: CallContext, ecrire?: Ecrire): Demande {
  return { ...lecture(request, ctx), versionAttendue: request.versionAttendue, idempotence: ecrire && cleIdempotence(methode, request, ctx, ecrire) };
}

/** Every method of this service: no two have the same name. */
const METHODES = [...FicheService.methods, ...DossierService.methods];
type Methodes = Record<(typeof METHODES)[number]['name'], unknown>;

/** The Idempotency-Key of a call, its route and its body; undefined without one. */
export function cleIdempotence<E>(methode: keyof Methodes, request: Message, { idempotencyKey: cle }: CallContext, ecrire: E): (Omit<Cle, 'acteurId'> & { ecrire: E }) | undefined {
  if (cle === undefined) return undefined;
  const schema = METHODES.find(({ name }) => name === methode)?.input;
  if (!schema) throw new AppError('internal');
  return { route: methode, cle, corps: toBinary(schema, request), ecrire };
}

/** How the answer of a method is written, and read again when it is given a second time. */
export function enReponse<S extends DescMessage, V = VueFiche>(schema: S, versInit: (vue: V) => MessageInitShape<S>, rejouee?: (init: MessageInitShape<S>) => MessageInitShape<S>) {
  return {
    ecrire: (vue: V): Uint8Array => toBinary(schema, create(schema, versInit(vue))),
    lire: (reponse: Reponse<V>): MessageInitShape<S> => {
      if ('vue' in reponse) return versInit(reponse.vue);
      const premiere = fromBinary(schema, reponse.rejouee) as MessageInitShape<S>;
      return rejouee ? rejouee(premiere) : premiere;
    },
  };
}
