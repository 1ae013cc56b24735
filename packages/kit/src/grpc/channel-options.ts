import type { ChannelOptions } from '@grpc/grpc-js';

const maxRequestBytes = 8 * 1024 * 1024;
/** A page of 100 of the largest fiches: one patient's long texts must not make a list fail for everybody. */
const maxResponseBytes = 128 * 1024 * 1024;

const shared: ChannelOptions = {
  'grpc.enable_channelz': 0, // nobody reads it, and it counts each call and message
  // A peer that went away without a word is noticed within 8 s.
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 3_000,
  // A page of fiches goes out at once, without waiting to be told to go on (HTTP/2's own window is 64 kB).
  'grpc-node.flow_control_window': 1024 * 1024,
};

/** After about this time a connection is replaced by a new one, for which the name is looked up again: replicas that came since are found. */
const connectionAgeMs = 300_000;
/** More than a call that streams may last. */
const connectionGraceMs = 660_000;

export const serverChannelOptions: ChannelOptions = {
  ...shared,
  'grpc.max_connection_age_ms': connectionAgeMs,
  'grpc.max_connection_age_grace_ms': connectionGraceMs,
  'grpc.max_receive_message_length': maxRequestBytes,
  'grpc.max_send_message_length': maxResponseBytes,
};

export const clientChannelOptions: ChannelOptions = {
  ...shared,
  'grpc.max_receive_message_length': maxResponseBytes,
  'grpc.max_send_message_length': maxRequestBytes,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000, // grpc's own default is 120 s
  'grpc.service_config_disable_resolution': 1, // no TXT look-ups
  // Every address of a name is connected to, and calls take turns; one address is one connection, as ever.
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.dns_min_time_between_resolutions_ms': 2_000, // a lost replica makes the name be looked up again; grpc's own default is 30 s
  'grpc.enable_http_proxy': 0, // services are never behind the machine's web proxy
  'grpc.use_local_subchannel_pool': 1, // a replaced channel must not inherit a hung connection
};
