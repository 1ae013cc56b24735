import type { Dashboard } from './panel.ts';
import { added, perSecond, quantile, quantiles, rateOf, share, total } from './queries.ts';

const route = 'route=~"$route"';

export const gateway: Dashboard = {
  key: 'gateway',
  title: 'Gateway',
  description: 'The API by route: requests, errors, durations; then what the gateway waits for, and who comes in.',
  choices: [{ name: 'route', label: 'Route', series: 'api_requests_total', of: 'route' }],
  rows: [
    {
      title: 'All routes chosen',
      panels: [
        { kind: 'number', title: 'Requests', width: 6, unit: 'reqps', description: 'Requests answered each second.', queries: [perSecond('api_requests_total', { where: route }, 'requests')] },
        { kind: 'number', title: 'Not our fault', width: 6, unit: 'percentunit', max: 1, description: 'Part of requests answered with 4xx: what was asked was refused.', queries: [share('api_requests_total', 'status=~"4.."', { where: route }, '4xx')] },
        { kind: 'number', title: 'Our fault', width: 6, unit: 'percentunit', max: 1, more: 'slos', steps: [{ from: 0.001, color: 'orange' }, { from: 0.01, color: 'red' }], description: 'Part of requests answered with 5xx.', queries: [share('api_requests_total', 'status=~"5.."', { where: route }, '5xx')] },
        { kind: 'number', title: 'Told to wait', width: 6, unit: 'percentunit', max: 1, description: 'Part of requests answered with 429: a limit was met.', queries: [share('api_requests_total', 'status="429"', { where: route }, '429')] },
      ],
    },
    {
      title: 'By route',
      panels: [
        { kind: 'graph', title: 'Requests', unit: 'reqps', description: 'Requests answered each second, by method and route.', queries: [perSecond('api_requests_total', { where: route, by: ['method', 'route'] })] },
        { kind: 'graph', title: 'Errors', unit: 'reqps', description: 'Requests answered with an error, by route and its stable code.', queries: [perSecond('api_errors_total', { where: route, by: ['route', 'code'] })] },
        { kind: 'graph', title: 'Duration, p95', unit: 's', description: '95 of 100 requests were answered within this. A point is a trace: click it.', queries: [quantile(0.95, 'api_request_duration_seconds', { where: route, by: ['method', 'route'] })] },
        { kind: 'table', title: 'Slowest routes, p95', width: 12, unit: 's', description: 'The ten routes that took longest lately.', queries: [{ expr: `topk(10, histogram_quantile(0.95, sum by (le, method, route) (rate(api_request_duration_seconds_bucket{${route}}[$__range]))))`, legend: '{{method}} {{route}}' }] },
        { kind: 'table', title: 'Most frequent errors', width: 12, unit: 'short', description: 'The ten codes of errors that were answered most often in the range shown.', queries: [{ ...total('api_errors_total', { where: route, by: ['route', 'code'] }), expr: `topk(10, ${total('api_errors_total', { where: route, by: ['route', 'code'] }).expr})` }] },
      ],
    },
    {
      title: 'What it waits for',
      panels: [
        { kind: 'graph', title: 'Duration of all', unit: 's', description: 'Half, 95 and 99 of 100 requests. A point is a trace.', queries: quantiles('api_request_duration_seconds', { where: route }) },
        { kind: 'graph', title: 'gRPC calls, p95', unit: 's', description: 'Time that calls of the gateway took, by method: what makes a route slow is seen here.', queries: [{ ...quantile(0.95, 'grpc_client_duration_seconds', { where: 'service="gateway"', by: ['method'] }), exemplar: false }] },
        { kind: 'graph', title: 'gRPC calls that failed', unit: 'reqps', description: 'Calls of the gateway that ended with another code than OK.', queries: [perSecond('grpc_client_duration_seconds_count', { where: 'service="gateway", code!="ok"', by: ['method', 'code'] })] },
      ],
    },
    {
      title: 'Its channels',
      panels: [
        { kind: 'graph', title: 'Calls under way', unit: 'short', stacked: true, description: 'gRPC calls of all gateways that wait for their answer, by the service called.', queries: [added('grpc_client_calls_in_flight', { where: 'service="gateway"', by: ['peer'] })] },
        { kind: 'graph', title: 'Channels', unit: 'short', description: 'Channels of all gateways by state: one for each gateway and service.', queries: [added('grpc_client_channels', { where: 'service="gateway"', by: ['peer', 'state'] })] },
        { kind: 'graph', title: 'Channels made', unit: 'ops', description: 'Channels made each second: beyond the beginning of a gateway, those that hung and were replaced.', queries: [perSecond('grpc_client_channels_opened_total', { where: 'service="gateway"', by: ['peer'] })] },
      ],
    },
    {
      title: 'Who comes in',
      panels: [
        { kind: 'graph', title: 'Logins', width: 12, unit: 'ops', stacked: true, description: 'Logins by outcome. Many refused ones from nowhere are somebody who guesses.', queries: [perSecond('auth_logins_total', { by: ['outcome'] })] },
        { kind: 'graph', title: 'Refreshed tokens', width: 12, unit: 'ops', stacked: true, description: 'Uses of refresh tokens by verdict. "reused" is a token that was used before: a copy may be in wrong hands, and its whole session was ended.', queries: [perSecond('auth_refreshes_total', { by: ['verdict'] }), { expr: rateOf('auth_reset_codes_total', { by: ['outcome'] }), legend: 'code {{outcome}}' }] },
        { kind: 'number', title: 'Age of the signing key', width: 12, unit: 's', description: 'Since when the key signs that signs access tokens now.', queries: [{ expr: 'max(signing_key_age_seconds)', legend: 'age' }, { expr: 'max(signing_key_max_age_seconds)', legend: 'replaced at' }] },
        { kind: 'number', title: 'Revocations', width: 12, unit: 'short', description: 'Revocations of tokens that every service keeps in memory.', queries: [{ expr: 'max(revocations_active)', legend: 'revocations' }] },
      ],
    },
  ],
};
