import { createMetrics, type Metrics } from '@mediai/kit/metrics';

export type GatewayMetrics = Metrics;

/** Every series of the gateway: the shared ones of the kit are all it has. */
export const createGatewayMetrics = (version?: string): GatewayMetrics => createMetrics('gateway', version);
