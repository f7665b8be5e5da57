import { expect, it } from 'vitest';
import { memorySandbox, output } from '../../server/agent/testing/memory-sandbox.ts';
import type { ChangedPath, CodeHost } from '../../server/domain/ports/code-host.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { turnSnapshots } from './turn-snapshots.ts';
import type { Worker } from './worker.ts';
import { workGuard } from './work-guard.ts';

const start = 'a'.repeat(40);
const file = {
  role: { contract: 'build' },
  repo: { id: 'rep_1' },
  run: { id: 'run_1', createdAt: new Date(0) },
  input: { start, base: start, head: null, cause: { from: 'order' } },
} as unknown as RunFile;

/** A work tree that tells its state, and a host that counts how often it is compared. */
function tree() {
  const seen = { state: 'a', compared: 0, kept: 0, leftOut: [] as string[] };
  const changed: ChangedPath = { path: 'docs/a.md', status: 'modified' } as ChangedPath;
  const codeHost = {
    changedPaths: async () => {
      seen.compared += 1;
      return [changed];
    },
    gitNames: async () => [],
    entryAt: async () => null,
    snapshot: async () => {
      seen.kept += 1;
      return { commit: `${seen.kept}`, leftOut: seen.leftOut };
    },
  } as unknown as CodeHost;
  const sandbox = {
    ...memorySandbox({ commands: { "rm -rf -- './docs/a.md'": () => output('') } }),
    snapshot: async () => '/tree',
    treeState: async () => seen.state,
  };
  return { seen, codeHost, sandbox };
}

it('what a look found is judged by the rules that hold now, though nothing was written since', async () => {
  const { seen, codeHost, sandbox } = tree();
  let closed = false;
  const decide = () => ({
    ...{
      verdict: closed ? ('deny' as const) : ('allow' as const),
      rule: 'r',
      layer: 'org' as const,
      reason: 'Closed.',
    },
  });
  const guard = workGuard({ codeHost }, { file, sandbox, rules: { decide } })!;
  const restore = () => guard.restore({ callId: 'c1', signal: new AbortController().signal });
  expect(await restore()).toBeNull();
  closed = true;
  expect(await restore()).toMatchObject({ total: 1, files: [{ path: 'docs/a.md' }] });
  expect(seen.compared).toBe(1);
  seen.state = 'b';
  await restore();
  expect(seen.compared).toBe(2);
});

it('a look that was cut is made again', async () => {
  const { seen, codeHost, sandbox } = tree();
  const decide = () => ({ verdict: 'allow' as const, rule: 'r', layer: 'org' as const, reason: 'Open.' });
  const guard = workGuard({ codeHost }, { file, sandbox, rules: { decide } })!;
  await guard.restore({ callId: 'c1', signal: AbortSignal.abort() });
  await guard.restore({ callId: 'c2', signal: new AbortController().signal });
  expect(seen.compared).toBe(2);
});

it('a turn in which nothing was written has the commit of the turn before, unless something was left out of that', async () => {
  const { seen, codeHost, sandbox } = tree();
  const worker = { codeHost, report: () => {} } as unknown as Worker;
  const keep = turnSnapshots(worker, { claim: { generation: 1 } as never, file, room: sandbox });
  seen.leftOut = ['big.bin'];
  expect(await keep(1)).toMatchObject({ commit: '1' });
  seen.leftOut = [];
  expect(await keep(2)).toMatchObject({ commit: '2' });
  expect(await keep(3)).toMatchObject({ commit: '2' });
  seen.state = 'b';
  expect(await keep(4)).toMatchObject({ commit: '3' });
});
