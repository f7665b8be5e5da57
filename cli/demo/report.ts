import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ApprovalView, ChangeView, RunView, VerifyView } from '../../server/domain/views/views.ts';
import { budgetFaults, type BudgetFigures } from './budget-story.ts';
import type { ToolCallCount } from './count-log.ts';
import type { Story } from './play.ts';

export type DemoReport = {
  merged: string | null;
  cleanCheckout: { tests: number; failed: number };
  chain: { events: number; streams: number; verified: boolean; head: string; firstBad: VerifyView['firstBad'] };
  approvals: { subject: string; hash: string; surface: string; narrowed: boolean; selfApproved: boolean }[];
  denials: number;
  newTests: { total: number; failOnBase: number };
  reviewRounds: number;
  toolCalls: ToolCallCount;
  budget: { seconds: number; costMicros: number; waitingSeconds: number; chargedWaiting: number };
  mergeCommits: number;
  /** Story *budget* only. */
  landing?: BudgetFigures;
  /** Processes and mounts are looked for once everything was stopped; null where it was left running. */
  leftovers: { branches: number; processes: number | null; mounts: number | null };
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
    const merges = await git('-C', folder, 'rev-list', '--merges', '--count', branch);
    const branches = await git('-C', folder, 'branch', '--remotes', '--list', 'origin/fleet/*');
    const diff = merged ? (await git('-C', folder, 'diff', '--stat', '--patch', `${merged}^1`, merged)).stdout : '';
    return {
      merged: merged !== null && history.stdout.split('\n').includes(merged) ? merged : null,
      cleanCheckout: {
        tests: count('tests'),
        failed: tests.exitCode === 0 ? count('fail') : Math.max(1, count('fail')),
      },
      mergeCommits: Number(merges.stdout),
      branches: branches.stdout.split('\n').filter((line) => line.trim() !== '').length,
      diff,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** True where a person gave less than was asked for. */
function isNarrowed({ subject, granted }: ApprovalView): boolean {
  if (granted === null) return false;
  const kept = (name: string, asked: unknown) => isDeepStrictEqual(asked, (subject as Record<string, unknown>)[name]);
  return Object.entries(granted).some(([name, given]) => !kept(name, given));
}

export function describeChange(change: ChangeView, approvals: ApprovalView[], runs: RunView[]) {
  const newTests = change.checks.find(({ commit }) => commit === change.head)?.evidence.newTests ?? [];
  return {
    approvals: approvals.map((approval) => ({
      subject: approval.kind,
      hash: approval.digest,
      surface: approval.votes[0]?.via ?? 'none',
      narrowed: isNarrowed(approval),
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

/** What was asked of a demo: its story, and how often it was to be killed. */
type Asked = { story: Story; kills: number };

/** What must hold for the demo to exit 0; each fault is a sentence. */
export function faultsOf(report: DemoReport, { kills, story }: Asked): string[] {
  const { merged, mergeCommits, cleanCheckout, chain, toolCalls, leftovers, budget, killed } = report;
  const rules: [boolean, string][] = [
    [merged !== null, 'the merge commit is not on the remote’s default branch'],
    [mergeCommits === 1, `the default branch has ${mergeCommits} merge commits instead of one`],
    [cleanCheckout.failed === 0 && cleanCheckout.tests > 0, 'the tests do not pass in a clean checkout'],
    [chain.verified, `the audit chain does not verify: ${JSON.stringify(chain.firstBad)}`],
    [toolCalls.repeated === 0, `${toolCalls.repeated} tool calls ran twice`],
    [kills > 0 || toolCalls.lost === 0, `${toolCalls.lost} tool calls were lost though nothing was killed`],
    [killed.length === kills, `${killed.length} of ${kills} kills came about`],
    [budget.chargedWaiting === 0, `${budget.chargedWaiting} s of waiting for people were charged`],
    [leftovers.branches === 0, `${leftovers.branches} branches of the task are left on the remote`],
    [!leftovers.processes, `${leftovers.processes} processes are left`],
    [!leftovers.mounts, `${leftovers.mounts} mounts are left`],
    ...(report.model === 'scripted' ? scriptOf(report, scripts[story]) : []),
  ];
  const faults = rules.flatMap(([holds, fault]) => (holds ? [] : [fault]));
  return report.landing ? [...faults, ...budgetFaults(report.landing)] : faults;
}

type Script = { rounds: number; asked: number };

/** How often the scripted reviewer asks for changes, and people are asked for anything. */
const scripts: Record<Story, Script> = {
  change: { rounds: 1, asked: 2 },
  crash: { rounds: 1, asked: 2 },
  budget: { rounds: 0, asked: 3 },
};

/** What the scripted agents do is known to the last figure; a model that thinks for itself may go another way. */
function scriptOf(report: DemoReport, { rounds, asked }: Script): [boolean, string][] {
  const { reviewRounds, newTests, denials, approvals } = report;
  const { total, failOnBase } = newTests;
  return [
    [reviewRounds === rounds, `the reviewer asked for changes ${reviewRounds} times instead of ${rounds}`],
    [total === 9 && failOnBase === 8, `${failOnBase} of ${total} new tests fail on the base instead of 8 of 9`],
    [denials === 0, `${denials} actions were not allowed`],
    [approvals.length === asked, `people were asked ${approvals.length} times instead of ${asked}`],
  ];
}
