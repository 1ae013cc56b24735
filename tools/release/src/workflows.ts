import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { readJson } from './repository.ts';

/** The one commit of each action that workflows may run, and the version whose commit it is. */
export type Actions = Record<string, { version: string; sha: string }>;

type Step = { uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, unknown> };
type Job = { steps?: Step[]; permissions?: unknown; 'timeout-minutes'?: number; uses?: string };
type Workflow = { on?: unknown; permissions?: unknown; jobs?: Record<string, Job> };

/** What is wrong with the workflows of a checkout, a sentence each. */
export function workflowFaults(root: string): string[] {
  const actions = readJson<Actions>(root, 'tools/release/actions.json');
  const files = globSync('.github/{workflows,actions}/**/*.{yaml,yml}', { cwd: root }).toSorted();
  return files.flatMap((file) => faultsOf(basename(file), readFileSync(join(root, file), 'utf8'), actions));
}

/** What is wrong with one workflow. */
export function faultsOf(name: string, text: string, actions: Actions): string[] {
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs ?? {});
  return [
    ...[...text.matchAll(/^\s*(?:- )?uses:\s*(\S+)(.*)$/gm)].flatMap(([, used = '', rest = '']) => pinFaults(used, rest, actions)),
    ...triggerFaults(workflow.on),
    ...(isReadOnly(workflow.permissions) ? [] : ['the permissions at its head must be read only ("contents: read" or "{}"); a job asks for more where it needs it.']),
    ...jobs.flatMap(([job, { permissions, 'timeout-minutes': minutes, steps = [] }]) => [
      ...(permissions === 'write-all' ? [`job ${job} asks for every permission.`] : []),
      ...(minutes ? [] : [`job ${job} has no timeout-minutes.`]),
      ...steps.flatMap((step) => stepFaults(step)).map((words) => `job ${job} ${words}`),
    ]),
  ].map((words) => `${name}: ${words}`);
}

function pinFaults(used: string, rest: string, actions: Actions): string[] {
  if (used.startsWith('./')) return [];
  const [action = '', sha = ''] = used.split('@');
  const known = actions[action];
  if (!known) return [`${action} is not in tools/release/actions.json.`];
  if (!/^[0-9a-f]{40}$/.test(sha)) return [`${used} is not pinned by a commit: ${action}@${known.sha} # ${known.version}.`];
  return sha === known.sha && rest.trim() === `# ${known.version}` ? [] : [`${used}${rest} is not the one commit of ${action}: ${action}@${known.sha} # ${known.version}.`];
}

function triggerFaults(on: unknown): string[] {
  const names = typeof on === 'string' ? [on] : Array.isArray(on) ? (on as string[]) : Object.keys((on ?? {}) as object);
  return names.filter((one) => ['pull_request_target', 'workflow_run'].includes(one)).map((one) => `${one} gives the rights of the repository to what somebody sent.`);
}

function isReadOnly(permissions: unknown): boolean {
  if (permissions === 'read-all') return true;
  return typeof permissions === 'object' && permissions !== null && Object.values(permissions).every((right) => right === 'read' || right === 'none');
}

/** Contexts whose texts come from outside or from a person: in a script they would be run, in `env` they are data. */
const foreign = /\$\{\{[^}]*\b(github\.(event|head_ref|ref_name|ref\b|actor)|inputs\.|steps\.|needs\.|matrix\.)[^}]*\}\}/;

function stepFaults({ uses = '', run = '', with: given = {} }: Step): string[] {
  const written = foreign.exec(run)?.[0];
  return [
    ...(written ? [`writes ${written} into a script: hand it over in env.`] : []),
    ...(uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false ? ['leaves its token in the checkout: persist-credentials: false.'] : []),
  ];
}
