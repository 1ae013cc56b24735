import { stringify } from 'yaml';
import { dashboards } from './dashboards/index.ts';
import { toGrafana } from './dashboards/to-grafana.ts';
import { alertGroups } from './rules/alert-groups.ts';
import type { Group } from './rules/rule.ts';
import { sloGroups } from './rules/slo-groups.ts';

const banner = '# Written by "npm run generate" from tools/observability/src: changed there.\n';
const yaml = (value: unknown): string => banner + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** Every group of rules, by the file it is in. */
export const ruleFiles: Record<string, Group[]> = { slos: sloGroups, alerts: alertGroups };

/** Every file that is written from here, by its path in the repository. */
export function derivatives(): Map<string, string> {
  return new Map([
    ...dashboards.map((dashboard) => [`deploy/grafana/dashboards/${dashboard.key}.json`, `${JSON.stringify(toGrafana(dashboard), null, 2)}\n`] as const),
    ['deploy/grafana/kustomization.yaml', yaml(grafanaKustomization)] as const,
    ...Object.entries(ruleFiles).map(([name, groups]) => [`deploy/prometheus/rules/${name}.yaml`, yaml({ groups })] as const),
    ['deploy/prometheus/prometheus-rule.yaml', yaml(prometheusRule)] as const,
  ]);
}

/** The ConfigMaps that Grafana's sidecar looks for. They belong to whichever namespace takes them up. */
const grafanaKustomization = {
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  configMapGenerator: [
    ...dashboards.map(({ key }) => ({ name: `mediai-dashboard-${key}`, files: [`dashboards/${key}.json`], options: { labels: { grafana_dashboard: '1' }, annotations: { grafana_folder: 'MediAI' } } })),
    { name: 'mediai-datasources', files: ['provisioning/datasources/mediai.yaml'], options: { labels: { grafana_datasource: '1' } } },
  ],
  generatorOptions: { disableNameSuffixHash: true },
};

/** The same rules, as the Prometheus operator reads them. */
const prometheusRule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'mediai', labels: { 'app.kubernetes.io/name': 'mediai', 'app.kubernetes.io/part-of': 'mediai', 'app.kubernetes.io/component': 'monitoring' } },
  spec: { groups: Object.values(ruleFiles).flat() },
};
