import { create, type DescMessage, type DescMethodUnary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { fromServiceError } from '@mediai/kit/errors';
import type { Appel } from '../floor/appel.ts';
import { beside, channelOptions, definitionOf } from './wire.ts';

const deadlineMs = 10_000;

function metadataOf({ acteur, requestId, motif, adresse }: Appel): Metadata {
  const metadata = new Metadata();
  metadata.set(beside.token, `Bearer ${acteur.token}`);
  metadata.set(beside.requestId, requestId);
  if (motif) metadata.set(beside.motif, encodeURIComponent(motif));
  if (adresse) metadata.set(beside.adresse, adresse);
  return metadata;
}

/** A kept channel to the service behind the hop. */
export function connect(address: string) {
  const client = new Client(address, credentials.createInsecure(), channelOptions);
  return {
    /** A method as a function. It throws AppError, as it was thrown on the other side. */
    method<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>) {
      const { path, requestSerialize, responseDeserialize } = definitionOf(method);
      return (appel: Appel, request: MessageInitShape<I>): Promise<MessageShape<O>> =>
        new Promise((resolve, reject) => {
          client.makeUnaryRequest(path, requestSerialize, responseDeserialize, create(method.input, request), metadataOf(appel), { deadline: Date.now() + deadlineMs }, (error, answer) => {
            if (error) reject(fromServiceError(error));
            else resolve(answer as MessageShape<O>);
          });
        });
    },
    close: (): void => client.close(),
  };
}
