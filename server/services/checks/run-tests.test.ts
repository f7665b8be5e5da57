import { expect, it } from 'vitest';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { noSetup } from '../../domain/setup/repo-setup.ts';
import { runTests } from './run-tests.ts';

const fails = (what: string) => () => Promise.reject(new Error(what));

const sandbox: Sandbox = {
  image: 'sha256:5ad',
  exec: async () => ({
    exitCode: 0,
    ended: 'exited',
    head: new TextEncoder().encode('fine'),
    tail: new Uint8Array(),
    droppedBytes: 0,
    durationMs: 1,
  }),
  start: fails('unused'),
  read: fails('unused'),
  write: fails('unused'),
  snapshot: fails('unused'),
  fork: fails('unused'),
  dispose: fails('sandbox stays'),
};

it('what cannot be cleaned up is reported and does not replace the result', async () => {
  const reported: string[] = [];
  const run = await runTests(
    {
      codeHost: { fileAt: async () => null },
      sandboxes: { open: async () => sandbox },
      workspaces: { fresh: async () => '/tree', remove: fails('tree stays'), setUp: fails('unused') },
      secrets: fails('unused'),
      network: () => ({ egress: null, close: async () => undefined }),
      report: (error, where) => void reported.push(`${where}: ${String(error)}`),
    },
    { mirror: 'rep_1', commit: 'c', commands: ['true'], setup: noSetup, signal: new AbortController().signal },
  );
  expect(run).toMatchObject({ verdict: 'passed', exitCode: 0, output: 'fine', image: 'sha256:5ad' });
  expect(reported).toEqual([
    expect.stringMatching(/^cleaning up after sbx_\w+: Error: sandbox stays$/),
    expect.stringMatching(/^cleaning up after sbx_\w+: Error: tree stays$/),
  ]);
});
