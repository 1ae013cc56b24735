import { describe, expect, it } from '@jest/globals';
import { covered, wayOf, type Span } from './trace-stages.ts';

const span = (service: string, name: string, startMs: number, endMs: number, event = ''): Span => ({ service, name, startMs, endMs, attributes: { 'cloudevents.event_type': event } });
const trace = [
  span('gateway', 'POST /api/v1/fiche-consultation/', 0, 12),
  span('consultation', 'mediai.consultation.v1.FicheService/CreateFiche', 2, 10),
  span('consultation', 'send mediai.consultation.fiche.v1', 11, 15, 'mediai.consultation.v1.FicheCreated'),
  span('notifications', 'process mediai.consultation.fiche.v1', 13, 14, 'mediai.consultation.v1.FicheCreated'),
  span('ia', 'process mediai.consultation.fiche.v1', 16, 18, 'mediai.consultation.v1.FicheCreated'),
  span('ia', 'analyse', 20, 60),
  span('ia', 'model avis', 25, 35),
  span('ia', 'model avis', 27, 40),
  span('ia', 'model synthese', 45, 50),
  span('ia', 'send mediai.ia.analyse.v1', 61, 64, 'mediai.ia.v1.AnalyseCompleted'),
  span('consultation', 'process mediai.ia.analyse.v1', 65, 75, 'mediai.ia.v1.AnalyseCompleted'),
];

describe('the way of a fiche', () => {
  it('is told by stages that have no holes, the time of models apart', () => {
    const way = wayOf(trace);
    expect(way).toEqual({ stages: [10, 1, 5, 4, 20, 1, 4, 10], models: 20, total: 55 });
    expect(way?.stages.reduce((sum, ms) => sum + ms, 0)).toBe(way?.total);
  });

  it('is not told before all of its spans have come', () => {
    for (const [i, { name }] of trace.entries()) {
      if (/^model|notifications/.test(name) || trace[i]?.service === 'notifications') continue;
      expect(wayOf(trace.filter((_, at) => at !== i))).toBeUndefined();
    }
  });

  it('counts models that answer side by side once', () => {
    expect(covered([{ startMs: 5, endMs: 9 }, { startMs: 0, endMs: 6 }, { startMs: 1, endMs: 2 }, { startMs: 20, endMs: 21 }])).toBe(10);
    expect(covered([])).toBe(0);
  });
});
