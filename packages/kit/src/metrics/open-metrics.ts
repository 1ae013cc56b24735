import { Registry, type Metric, type OpenMetricsContentType, type MetricObjectWithValues, type MetricValue } from 'prom-client';

/**
 * The series of a registry in OpenMetrics, which alone has exemplars. prom-client writes a counter's samples with
 * `_total` there, and renames it for good; so each metric is shown to its writer as a copy, and a counter whose contract
 * name has no `_total` as of unknown type, which leaves its name as it is.
 * @param labels of every series
 */
export async function writeOpenMetrics(registry: Registry, labels: Record<string, string>): Promise<string> {
  const view = new Registry<OpenMetricsContentType>();
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  view.setDefaultLabels(labels);
  for (const metric of registry.getMetricsAsArray()) view.registerMetric(copyOf(metric as unknown as Exposed));
  return view.metrics();
}

type Values = MetricObjectWithValues<MetricValue<string>>;
type Exposed = { name: string; type: string; get: () => Promise<Values>; getForPromString?: () => Promise<Values> };

function copyOf(metric: Exposed): Metric {
  const { name } = metric;
  const get = async (): Promise<object> => {
    const values = await (metric.getForPromString ? metric.getForPromString() : metric.get());
    if (metric.type !== 'counter') return values;
    return name.endsWith('_total') ? { ...values, name: name.slice(0, -'_total'.length) } : { ...values, type: 'unknown' };
  };
  return { name, type: metric.type, get } as unknown as Metric;
}
