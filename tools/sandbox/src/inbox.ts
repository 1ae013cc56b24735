import { randomBytes } from 'node:crypto';
import type { Message, MessageStatus } from './message.ts';
import { postCallback } from './twilio-callback.ts';

export type { Message, MessageStatus };

export type NewMessage = Pick<Message, 'accountSid' | 'to' | 'from' | 'messagingServiceSid' | 'body' | 'contentSid' | 'contentVariables' | 'statusCallback'>;

export type Inbox = ReturnType<typeof createInbox>;

/**
 * The messages in memory, oldest dropped first, and their way from queued to sent to delivered (or undelivered), each
 * step told to the message's status callback.
 *
 * @param deps.authToken signs the callbacks
 * @param deps.stepMs time between two states
 */
export function createInbox(deps: { authToken: string; stepMs: number; maxMessages?: number }) {
  let messages: Message[] = [];
  const stop = new AbortController();
  const timers = new Set<NodeJS.Timeout>();

  function later(action: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, deps.stepMs);
    timers.add(timer);
  }

  async function advance(message: Message, steps: readonly MessageStatus[], errorCode: number | null): Promise<void> {
    const [status, ...reste] = steps;
    if (!status || stop.signal.aborted) return;
    message.status = status;
    message.dateUpdated = new Date().toISOString();
    if (status === 'sent') message.dateSent = message.dateUpdated;
    if (status === 'undelivered') message.errorCode = errorCode;
    if (message.statusCallback) message.callbacks.push(await postCallback(message, deps.authToken, stop.signal));
    if (reste.length > 0) later(() => void advance(message, reste, errorCode));
  }

  return {
    /** Keep a message and start its way. @param undelivered error code with which it ends undelivered */
    add(nouveau: NewMessage, undelivered?: number): Message {
      const time = new Date().toISOString();
      const message: Message = { sid: `SM${randomBytes(16).toString('hex')}`, ...nouveau, time, status: 'queued', dateSent: null, dateUpdated: time, errorCode: null, callbacks: [] };
      messages.push(message);
      if (messages.length > (deps.maxMessages ?? 10_000)) messages.shift();
      later(() => void advance(message, ['queued', 'sent', undelivered === undefined ? 'delivered' : 'undelivered'], undelivered ?? null));
      return message;
    },
    find: (accountSid: string, sid: string): Message | undefined => messages.find((m) => m.accountSid === accountSid && m.sid === sid),
    /** Newest first. */
    list: (): Message[] => messages.toReversed(),
    clear(): void {
      messages = [];
    },
    close(): void {
      stop.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
