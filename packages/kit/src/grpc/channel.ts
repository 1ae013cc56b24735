import { Client, connectivityState, credentials, status, type ServiceError } from '@grpc/grpc-js';
import { clientChannelOptions } from './channel-options.ts';
import type { GrpcTls } from './tls.ts';

const hungChannelMs = 10_000;

export type Channel = ReturnType<typeof openChannel>;

/**
 * One connection, replaced when it hangs: a peer that swallows packets can hold a connection in CONNECTING for tens of
 * seconds, through which calls only time out. Calls still waiting on the old one end by their own deadlines.
 */
export function openChannel({ address, tls, opened }: { address: string; tls?: GrpcTls | undefined; opened?: (() => void) | undefined }) {
  const open = (): Client => {
    opened?.();
    return new Client(address, tls?.channel ?? credentials.createInsecure(), clientChannelOptions);
  };
  const hung = new Set<Client>();
  let current = open();
  const stateOf = (client: Client): connectivityState => client.getChannel().getConnectivityState(false);
  const isConnecting = (client: Client): boolean => stateOf(client) === connectivityState.CONNECTING;
  const replace = (): void => {
    const old = current;
    hung.add(old);
    current = open();
    setTimeout(() => hung.delete(old) && old.close(), hungChannelMs).unref();
  };
  return {
    client: (): Client => current,
    /** Of this connection and of those that hang and are not closed yet. */
    states: (): connectivityState[] => [current, ...hung].map(stateOf),
    noticeFailure(error: ServiceError): void {
      if (error.code === status.DEADLINE_EXCEEDED && isConnecting(current)) replace();
    },
    /** Whether this connection still hangs; if so the next call has a new one. */
    noticeWait(client: Client): boolean {
      if (!isConnecting(client)) return false;
      if (client === current) replace();
      return true;
    },
    close(): void {
      for (const client of [current, ...hung]) client.close();
      hung.clear();
    },
  };
}
