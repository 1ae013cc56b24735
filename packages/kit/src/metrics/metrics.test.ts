import { expect, test } from '@jest/globals';
import { createMetrics } from './index.ts';

test('the series of the suite have their names and carry the service', async () => {
  const metrics = createMetrics('ia');
  metrics.apiRequests.inc({ method: 'GET', route: '/x', status: '200' });
  metrics.apiErrors.inc({ method: 'GET', route: '/x', code: 'c' });
  metrics.whatsappNotificationsSent.inc({ status: 'sent' });
  metrics.iaAnalyses.inc({ status: 'terminee' });
  metrics.outboxBacklog.set(3);
  metrics.consumerLag.set({ group: 'g', topic: 't' }, 2);
  metrics.setBreaker('openai', 'open');
  const text = await metrics.registry.metrics();
  for (const line of [
    'api_requests_total{method="GET",route="/x",status="200",service="ia"} 1',
    'api_errors_total{method="GET",route="/x",code="c",service="ia"} 1',
    'whatsapp_notifications_sent{status="sent",service="ia"} 1',
    'ia_analyses_total{status="terminee",service="ia"} 1',
    'outbox_backlog{service="ia"} 3',
    'consumer_lag{group="g",topic="t",service="ia"} 2',
    'breaker_state{breaker="openai",service="ia"} 2',
    '# TYPE api_request_duration_seconds histogram',
  ]) {
    expect(text).toContain(line);
  }
});

test('a task is counted when it starts and by how it ends, and its result or error is the caller’s', async () => {
  const metrics = createMetrics('ia');
  expect(await metrics.task('analyse', async () => 5)).toBe(5);
  await expect(metrics.task('analyse', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  const text = await metrics.registry.metrics();
  expect(text).toContain('tasks_total{task="analyse",state="started",service="ia"} 2');
  expect(text).toContain('tasks_total{task="analyse",state="succeeded",service="ia"} 1');
  expect(text).toContain('tasks_total{task="analyse",state="failed",service="ia"} 1');
  expect(text).toMatch(/task_duration_seconds_count\{.*task="analyse".*\} 2/);
});
