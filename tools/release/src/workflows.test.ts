import { describe, expect, it } from '@jest/globals';
import { ownRoot, readJson } from './repository.ts';
import { faultsOf, workflowFaults, type Actions } from './workflows.ts';

const sha = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';
const actions: Actions = { 'actions/checkout': { version: 'v6.0.2', sha }, 'actions/cache': { version: 'v5.0.3', sha } };
const sound = `
on:
  push:
permissions:
  contents: read
jobs:
  one:
    timeout-minutes: 5
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@${sha} # v6.0.2
        with:
          persist-credentials: false
      - env:
          TITLE: \${{ github.event.pull_request.title }}
        run: echo "$TITLE" \${{ runner.os }}
`;
const said = (text: string) => faultsOf('w.yaml', text, actions).join('\n');

describe('workflows', () => {
  it('of this checkout run pinned actions with the least rights', () => {
    expect(workflowFaults(ownRoot)).toEqual([]);
  });

  it('may use actions whose commits are whole and each known once', () => {
    const known = Object.entries(readJson<Actions>(ownRoot, 'tools/release/actions.json'));
    expect(known.length).toBeGreaterThan(8);
    for (const [name, one] of known) expect([name, one]).toEqual([name, { sha: expect.stringMatching(/^[0-9a-f]{40}$/), version: expect.stringMatching(/^v\d+\.\d+\.\d+$/) }]);
    expect(new Set(known.map(([, one]) => one.sha)).size).toBe(known.length);
  });

  it('pass when they are sound', () => {
    expect(said(sound)).toBe('');
  });

  it.each([
    ['an action by its tag', sound.replace(`@${sha} # v6.0.2`, '@v6'), 'actions/checkout@v6 is not pinned by a commit'],
    ['an action by another commit', sound.replace(sha, sha.replace('d', 'e')), 'is not the one commit of actions/checkout'],
    ['an action without its version beside', sound.replace(' # v6.0.2', ''), 'is not the one commit of actions/checkout'],
    ['an action with the wrong version beside', sound.replace('v6.0.2', 'v6.0.1'), 'is not the one commit of actions/checkout'],
    ['an action that nobody looked at', sound.replace('actions/checkout@', 'somebody/something@'), 'somebody/something is not in'],
    ['rights to write throughout', sound.replace('contents: read', 'contents: write'), 'permissions at its head must be read only'],
    ['no word of rights', sound.replace('permissions:\n  contents: read\n', ''), 'permissions at its head must be read only'],
    ['every right in a job', sound.replace('permissions:\n      contents: write', 'permissions: write-all'), 'job one asks for every permission'],
    ['what others send, with our rights', sound.replace('push:', 'pull_request_target:'), 'pull_request_target gives the rights'],
    ['the same, as a list', sound.replace('on:\n  push:', 'on: [push, workflow_run]'), 'workflow_run gives the rights'],
    ['a title in a script', sound.replace('"$TITLE"', '${{ github.event.pull_request.title }}'), 'writes ${{ github.event.pull_request.title }} into a script'],
    ['a branch name in a script', sound.replace('"$TITLE"', '${{ github.head_ref }}'), 'into a script'],
    ['an input in a script', sound.replace('"$TITLE"', '${{ inputs.unit }}'), 'into a script'],
    ['a token left behind', sound.replace('persist-credentials: false', 'fetch-depth: 0'), 'leaves its token in the checkout'],
    ['a job without an end', sound.replace('    timeout-minutes: 5\n', ''), 'job one has no timeout-minutes'],
  ])('are refused with %s', (_, text, words) => {
    expect(text).not.toBe(sound);
    expect(said(text)).toContain(words);
  });
});
