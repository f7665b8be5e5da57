import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApprovalView, ChangeView, EventView, RunView, VerifyView } from '../../server/domain/views/views.ts';
import type { SeenEvent } from './follow-task.ts';

export type DemoReport = {
  merged: string | null;
  cleanCheckout: { tests: number; failed: number };
  chain: { events: number; verified: boolean; head: string };
  approvals: { subject: string; hash: string; surface: string; selfApproved: boolean }[];
  denials: number;
  newTests: { total: number; failOnBase: number };
  reviewRounds: number;
  toolCalls: { started: number; repeated: number; lost: number };
  budget: { seconds: number; costMicros: number };
  leftovers: { branches: number };
  model: string;
  killed: string[];
  timings: { startMs: number; taskMs: number; totalMs: number };
};

const gitEnvironment = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' };

function git(...args: string[]) {
  return execa('git', args, { env: gitEnvironment, extendEnv: true });
}

/** Reads the remote itself: is the merge on its default branch, and do its tests pass in a fresh clone? */
export async function readRemote({
  remote,
  branch,
  merged,
}: {
  remote: string;
  branch: string;
  merged: string | null;
}) {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-demo-checkout-'));
  try {
    await git('clone', '--quiet', '--branch', branch, remote, folder);
    const history = await git('-C', folder, 'rev-list', branch);
    const tests = await execa('node', ['--test', '--test-reporter=tap'], { cwd: folder, reject: false });
    const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tests.stdout)?.[1] ?? -1);
    const branches = await git('-C', folder, 'branch', '--remotes', '--list', 'origin/fleet/*');
    const diff = merged ? (await git('-C', folder, 'diff', '--stat', '--patch', `${merged}^1`, merged)).stdout : '';
    return {
      merged: merged !== null && history.stdout.split('\n').includes(merged) ? merged : null,
      cleanCheckout: {
        tests: count('tests'),
        failed: tests.exitCode === 0 ? count('fail') : Math.max(1, count('fail')),
      },
      leftovers: { branches: branches.stdout.split('\n').filter((line) => line.trim() !== '').length },
      diff,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function field(event: EventView, name: string): unknown {
  return (event.payload as Record<string, unknown>)[name];
}

/** Counts from the log alone: intents, those that never finished, and those that ran twice. */
export function countToolCalls(seen: SeenEvent[]): DemoReport['toolCalls'] {
  const events = seen.map(({ event }) => event);
  const started = events.filter(({ kind }) => kind === 'tool.intended');
  const finished = events.filter(({ kind }) => kind === 'tool.finished');
  const times = new Map<string, number>();
  for (const event of finished) {
    const call = `${event.streamId} ${String(field(event, 'callId'))}`;
    times.set(call, (times.get(call) ?? 0) + 1);
  }
  return {
    started: started.length,
    repeated: [...times.values()].filter((count) => count > 1).length,
    lost: finished.filter((event) => field(event, 'outcome') === 'lost').length,
  };
}

export function countDenials(seen: SeenEvent[]): number {
  return seen.filter(({ event }) => {
    if (event.kind !== 'tool.intended') return false;
    return (field(event, 'verdict') as { verdict: string }).verdict !== 'allow';
  }).length;
}

export function describeChange(change: ChangeView, approvals: ApprovalView[], runs: RunView[]) {
  const newTests = change.checks.find(({ commit }) => commit === change.head)?.evidence.newTests ?? [];
  return {
    approvals: approvals.map((approval) => ({
      subject: approval.kind,
      hash: approval.digest,
      surface: approval.votes[0]?.via ?? 'none',
      selfApproved: approval.selfApproved,
    })),
    newTests: { total: newTests.length, failOnBase: newTests.filter(({ onBase }) => onBase === 'failed').length },
    reviewRounds: change.reviews.filter(({ verdict }) => verdict === 'changes_requested').length,
    budget: {
      seconds: runs.reduce((sum, run) => sum + run.secondsUsed, 0),
      costMicros: runs.reduce((sum, run) => sum + run.costMicros, 0),
    },
    model: runs.every(({ scripted }) => scripted) ? 'scripted' : (runs[0]?.model ?? 'unknown'),
  };
}

/** What must hold for the demo to exit 0; each fault is a sentence. */
export function faultsOf(report: DemoReport, chain: VerifyView): string[] {
  const faults: string[] = [];
  if (report.merged === null) faults.push('the merge commit is not on the remote’s default branch');
  if (report.cleanCheckout.failed !== 0 || report.cleanCheckout.tests < 1)
    faults.push('the tests do not pass in a clean checkout');
  if (!chain.ok) faults.push(`the audit chain does not verify: ${JSON.stringify(chain.firstBad)}`);
  if (report.toolCalls.repeated > 0) faults.push(`${report.toolCalls.repeated} tool calls ran twice`);
  const { leftovers, reviewRounds, newTests } = report;
  if (leftovers.branches > 0) faults.push(`${leftovers.branches} branches of the task are left on the remote`);
  if (reviewRounds !== 1) faults.push(`the reviewer asked for changes ${reviewRounds} times instead of once`);
  if (newTests.total !== 9 || newTests.failOnBase !== 8)
    faults.push(`${newTests.failOnBase} of ${newTests.total} new tests fail on the base instead of 8 of 9`);
  return faults;
}
