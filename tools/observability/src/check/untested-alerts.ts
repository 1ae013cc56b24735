import type { AlertRule } from '../rules/rule.ts';
import type { AlertCase } from './load.ts';

/** Alerts without a case that makes them fire (each of their variants: severity and window), or without one that finds them silent. */
export function untestedAlerts(alerts: AlertRule[], cases: AlertCase[]): string[] {
  const faults = alerts.flatMap(({ alert, labels }) => {
    const own = cases.filter((each) => each.alert === alert);
    const fired = own.flatMap(({ fires }) => fires).some((seen) => Object.entries(labels).every(([name, value]) => seen[name] === value));
    const variant = [labels.severity, labels['window']].filter(Boolean).join(', ');
    return [
      ...(fired ? [] : [`${alert} (${variant}) has no case in which it fires`]),
      ...(own.some(({ fires }) => fires.length === 0) ? [] : [`${alert} has no case in which it is silent`]),
    ];
  });
  return [...new Set(faults)];
}
