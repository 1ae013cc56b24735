import type { Dashboard } from './panel.ts';
import { most, perSecond, quantile, quantiles, share, total } from './queries.ts';

export const consultationsIa: Dashboard = {
  key: 'consultations-ia',
  title: 'Consultations and IA',
  description: 'Fiches from their creation to the decision of a médecin: analyses, agreement of the voices, their cost, and who waits for whom.',
  choices: [],
  rows: [
    {
      title: 'Fiches',
      panels: [
        { kind: 'graph', title: 'What happened to fiches', unit: 'ops', stacked: true, description: 'Events of fiches each second, by kind.', queries: [perSecond('fiche_events_total', { by: ['type'] })] },
        { kind: 'graph', title: 'Before a médecin', unit: 'short', description: 'Fiches that wait for a médecin, by state.', queries: [most('fiches_waiting', { by: ['status'] })] },
        { kind: 'graph', title: 'Until a médecin decided', unit: 's', description: 'From the creation of a fiche to the first decision of a médecin.', queries: quantiles('fiche_wait_seconds').map((query) => ({ ...query, exemplar: false })) },
      ],
    },
    {
      title: 'Analyses',
      panels: [
        { kind: 'graph', title: 'Analyses', unit: 'ops', stacked: true, more: 'slos', description: 'Analyses that ended, by outcome. "echouee" leaves the médecin with the red flags alone.', queries: [perSecond('ia_analyses_total', { by: ['status'] })] },
        { kind: 'graph', title: 'Waiting', width: 8, unit: 'short', description: 'Fiches whose analysis is due and not finished.', queries: [most('ia_analyses_waiting', {}, 'waiting')] },
        { kind: 'graph', title: 'Oldest waiting', width: 8, unit: 's', steps: [{ from: 300, color: 'orange' }, { from: 900, color: 'red' }], description: 'How long the oldest of them has waited.', queries: [most('ia_oldest_waiting_seconds', {}, 'oldest')] },
        { kind: 'graph', title: 'Until the synthesis', unit: 's', more: 'slos', description: 'From the moment an analysis is asked for to its end: what is promised is 5 minutes.', queries: quantiles('ia_analyse_wait_seconds').map((query) => ({ ...query, exemplar: false })) },
        { kind: 'graph', title: 'Work of an analysis', unit: 's', description: 'Time of one attempt at an analysis. A point is a trace: it shows which voice was slow.', queries: quantiles('task_duration_seconds', { where: 'service="ia", task="analyse"' }) },
        { kind: 'graph', title: 'Agreement', unit: 'percentunit', max: 1, description: 'Share of the valid voices that hold the leading hypothesis, half and a tenth of the syntheses below it. A fall without a new kind of patients is a model that changed.', queries: [{ ...quantile(0.5, 'ia_accord_ratio', {}, 'p50'), exemplar: false }, { ...quantile(0.1, 'ia_accord_ratio', {}, 'p10'), exemplar: false }] },
      ],
    },
    {
      title: 'Voices',
      panels: [
        { kind: 'graph', title: 'Answers', unit: 'ops', stacked: true, description: 'Answers of each voice, by outcome: "valide", or why not.', queries: [perSecond('ia_voix_total', { by: ['voix', 'resultat'] })] },
        { kind: 'graph', title: 'Valid answers', unit: 'percentunit', max: 1, description: 'Part of the answers of each voice that could be used.', queries: [share('ia_voix_total', 'resultat="valide"', { by: ['voix'] })] },
        { kind: 'graph', title: 'Duration, p95', unit: 's', description: '95 of 100 answers of each voice came within this.', queries: [{ ...quantile(0.95, 'ia_voix_duration_seconds', { by: ['voix'] }), exemplar: false }] },
        { kind: 'graph', title: 'Breakers', unit: 'short', max: 2, description: 'Breaker of each voice: 0 closed, 1 half-open, 2 open. An open one is not asked.', queries: [most('breaker_state', { where: 'service="ia"', by: ['breaker'] })] },
        { kind: 'graph', title: 'Tokens', unit: 'ops', stacked: true, description: 'Tokens each second, by voice and direction. Simulated voices cost none.', queries: [perSecond('ia_tokens_total', { by: ['voix', 'direction'] })] },
        { kind: 'number', title: 'Cost', width: 4, unit: 'currencyUSD', description: 'What the voices cost in the range shown, by voice, at the prices in services/ia/src/voix/prix.ts. A model without a known price counts nothing.', queries: [total('ia_cost_usd_total', { by: ['voix'] })] },
        { kind: 'number', title: 'Cost of an analysis', width: 4, unit: 'currencyUSD', description: 'Cost of the range shown, divided by the analyses that ended in it.', queries: [{ expr: 'sum(increase(ia_cost_usd_total[$__range])) / (sum(increase(ia_analyses_total[$__range])) > 0)', legend: 'per analysis' }] },
      ],
    },
    {
      title: 'Exports and documents',
      panels: [
        { kind: 'graph', title: 'Exports under way', unit: 'short', description: 'Exports that are being made.', queries: [{ expr: 'sum(exports_running)', legend: 'running' }] },
        { kind: 'graph', title: 'Rows exported', unit: 'ops', description: 'Rows of fiches read for exports each second.', queries: [perSecond('export_rows_total', {}, 'rows')] },
        { kind: 'graph', title: 'Documents', unit: 'ops', stacked: true, description: 'Fiches drawn as PDF, by how it ended: "occupe" is a refusal because too many were asked for at once.', queries: [perSecond('documents_total', { by: ['issue'] })] },
      ],
    },
  ],
};
