/** One status callback: what was told and what the receiver said. */
export interface CallbackResult {
  readonly status: string;
  readonly time: string;
  /** HTTP status of the receiver, null when it could not be reached. */
  readonly httpStatus: number | null;
}

export type MessageStatus = 'queued' | 'sent' | 'delivered' | 'undelivered';

/** A message that would have left for WhatsApp or SMS. Times are ISO 8601, UTC. */
export interface Message {
  readonly sid: string;
  readonly accountSid: string;
  readonly to: string;
  readonly from: string | null;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly contentSid: string | null;
  readonly contentVariables: string | null;
  readonly statusCallback: string | null;
  readonly time: string;
  status: MessageStatus;
  dateSent: string | null;
  dateUpdated: string;
  errorCode: number | null;
  readonly callbacks: CallbackResult[];
}
