import { migrationJob } from '../services.ts';
import { migrationPods, servicePods, serviceOf, type Policy } from './workloads.ts';

/** Images, labels and the names of migrations carry the version of services/<name>/package.json. */
export const versioned: Policy = (objects, services) => services.flatMap((service) => {
  const own = [...servicePods(objects), ...migrationPods(objects)].filter((workload) => serviceOf(workload) === service.name);
  const job = migrationJob(service);
  return [
    ...own.flatMap(({ title, labels, pod }) => [
      ...(labels['app.kubernetes.io/version'] === service.version ? [] : [`${title} is labelled ${labels['app.kubernetes.io/version']}, not ${service.version}`]),
      ...(pod.containers[0]?.image.endsWith(`/${service.name}:${service.version}`) ? [] : [`${title} runs ${pod.containers[0]?.image}, not ${service.version}`]),
    ]),
    ...(service.hasDatabase && !objects.some(({ kind, metadata }) => kind === 'Job' && metadata.name === job) ? [`${service.name} has no Job ${job}`] : []),
  ];
});
