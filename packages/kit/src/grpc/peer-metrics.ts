import { connectivityState } from '@grpc/grpc-js';
import type { SeriesMakers } from '../metrics/index.ts';

/** What is known of the channels to a peer, at the moment it is asked. */
export type PeerUse = { readonly states: () => readonly connectivityState[]; readonly inFlight: () => number };

const stateNames = { idle: connectivityState.IDLE, connecting: connectivityState.CONNECTING, ready: connectivityState.READY, transient_failure: connectivityState.TRANSIENT_FAILURE };

/** The series of what is called over gRPC. `peer` is the name of the service called. */
export const peerMetrics = ({ counter, gauge }: SeriesMakers) => {
  const peers = new Map<PeerUse, string>();
  gauge('grpc_client_calls_in_flight', 'gRPC calls under way.', ['peer'], (self) => {
    self.reset();
    for (const [use, peer] of peers) self.inc({ peer }, use.inFlight());
  });
  gauge('grpc_client_channels', 'Channels kept to a peer, by their state; a second one is there while one that hangs is replaced.', ['peer', 'state'], (self) => {
    self.reset();
    for (const [use, peer] of peers) {
      for (const [state, value] of Object.entries(stateNames)) self.inc({ peer, state }, use.states().filter((one) => one === value).length);
    }
  });
  const opened = counter('grpc_client_channels_opened_total', 'Channels made: one as a peer is opened, and one for each that hung.', ['peer']);
  return {
    opened: (peer: string): void => opened.inc({ peer }),
    /** @returns what forgets the peer, once its channel is closed */
    watch(peer: string, use: PeerUse): () => void {
      peers.set(use, peer);
      return () => void peers.delete(use);
    },
  };
};
