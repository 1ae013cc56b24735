import type { CodeTexte } from '../code/code.ts';
import type { Canal, ClaimedDelivery, Outcome } from './delivery.ts';

export type Listing = { kind: 'listed'; sids: string[] } | { kind: 'unreachable'; code: string };

/** The provider of messages, as the use cases see it. */
export type Messenger = {
  /** Hands one message over, once, within the configured time; never throws for what the provider did. */
  send: (delivery: ClaimedDelivery) => Promise<Outcome>;
  /** Ids of the messages that could be this delivery: same address, same text, made since `since`; newest first. */
  list: (delivery: ClaimedDelivery, since: Date) => Promise<Listing>;
  /** Hands a code over, once, within `limitMs`; never throws for what the provider did. */
  sendCode: (to: { canal: Canal; telephone: string }, texte: CodeTexte, limitMs: number) => Promise<Outcome>;
  /** While the provider is left alone after failures in a row. */
  isBlocked: () => boolean;
  /** Longest time one call takes, in milliseconds. */
  timeoutMs: number;
};
