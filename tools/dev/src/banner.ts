import type { Suite } from './bring-up.ts';
import { gatewayUrl, internalUrl, isReal, serviceNames, voices } from './suite.ts';

/** What a person needs once everything runs: addresses, accounts, parts, voices, how to end it. */
export function banner(suite: Suite, stateDir: string, took: string): string {
  const { world, parts } = suite;
  const url = gatewayUrl(world);
  const password = world.env.MEDIAI_DEMO_PASSWORD || 'demo-mediai';
  const rows: [string, string][] = [
    ['Gateway', `${url}  (this machine only)`],
    ['Documentation', `${url}/api/docs/`],
    ['Sandbox', `${world.sandboxUrl}  (messages that would have been sent)`],
    ...serviceNames.map((name) => [`Metrics ${name}`, `${internalUrl(world, name)}/metrics`] as [string, string]),
    ['Accounts', `patient.demo, medecin.demo, admin.demo, superuser.demo; password ${password}`],
    ...[parts.postgres, parts.redis, parts.kafka].map((part) => [part.name, `${part.origin === 'external' ? 'external' : part.origin === 'none' ? 'ABSENT' : 'embedded'}: ${part.detail}`] as [string, string]),
    ...voices.map((voice) => [`Voice ${voice.name}`, isReal(world.env, voice) && world.mode === 'demo' ? 'real' : `SIMULATION (${voice.key} is not set)`] as [string, string]),
    ['WhatsApp', 'SIMULATION (always, in this mode)'],
    ['Logs, data', stateDir],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return ['', `MediAI is ready (${took}).`, '', ...lines, '', '  Ctrl-C or "npm run stop" ends it; "npm run reset" wipes its data.', ''].join('\n');
}
