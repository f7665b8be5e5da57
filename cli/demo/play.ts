import { AppError } from '../../server/domain/errors.ts';
import { sampleTask } from '../../server/domain/tasks/sample-task.ts';
import { answerInBudgetStory, budgetFigures, prepareBudgetStory } from './budget-story.ts';
import { fleetClient, type FleetClient } from './client.ts';
import { countDenials, countToolCalls, countWaiting } from './count-log.ts';
import { crashWatcher, namedKills, seededKills } from './crash-story.ts';
import { followTask, patiently, type SeenEvent } from './follow-task.ts';
import { eventLine } from './print-event.ts';
import { describeChange, readRemote } from './report.ts';
import { signIn } from './sign-in.ts';

export type Story = 'change' | 'crash' | 'budget';

/** The installation as a story needs it. */
type Installation = { url: string; ownerLink(): Promise<string>; pids(): Record<string, number> };

/** `seed` makes story *crash* kill at three moments drawn from it instead of the three it names. */
type Playing = { story: Story; seed: number | null };

export type Told = { say: (line: string) => void; interrupted: AbortSignal };

/** Onboarding as a newcomer does it: an org, the sample repository, the starter roles, the sample task. */
async function fileSampleTask(client: FleetClient, { story, signal }: { story: Story; signal: AbortSignal }) {
  const { slug: org } = await client.orgs.create.mutate({ name: 'Demo' });
  const repo = await client.repos.connect.mutate({ org, source: 'sample', remote: '', name: 'sample-api' });
  await client.starters.hire.mutate({ org });
  if (story === 'budget') await prepareBudgetStory({ client, org, signal });
  const { taskId } = await client.tasks.create.mutate({
    org,
    repoId: repo.id,
    title: sampleTask.title,
    body: sampleTask.body,
    acceptance: [...sampleTask.acceptance],
    scope: [...sampleTask.scope],
  });
  return { org, repo, taskId };
}

type Deciding = {
  client: FleetClient;
  org: string;
  taskId: string;
  story: Story;
  seen: SeenEvent[];
  signal: AbortSignal;
};

/** Agrees to what the story asks; an escalation or a blocker is no part of it, so it is refused and the demo fails with its reason. */
async function decide(deciding: Deciding, approvalId: string): Promise<void> {
  const { client, org, signal, story } = deciding;
  const approval = await patiently(() => client.approvals.get.query({ org, approvalId }), signal);
  if (story === 'budget' && (await answerInBudgetStory(deciding, approval))) return;
  const { digest, subject } = approval;
  const agreed = subject.kind !== 'escalation' && subject.kind !== 'blocker';
  const verdict = agreed ? 'approved' : 'denied';
  const decided = async () => (await client.approvals.get.query({ org, approvalId })).status !== 'pending';
  await patiently(async () => {
    // The server may have been killed after it took the decision and before it answered.
    if (await decided()) return;
    await client.approvals.decide.mutate({
      org,
      approvalId,
      digest,
      verdict,
      reason: agreed ? 'Looked at and agreed (demo).' : 'The demo does not go on after an escalation or a blocker.',
      answer: subject.kind === 'question' ? subject.options[0] : undefined,
    });
  }, signal);
}

type Filed = Awaited<ReturnType<typeof fileSampleTask>>;

async function readBack({ client, org, taskId, story, seen }: Deciding, repo: Filed['repo']) {
  const task = await client.tasks.get.query({ org, taskId });
  const { changeId, stages } = task.pipelineRun;
  if (!changeId) throw new AppError('not_found', 'The task ended without a change.');
  const change = await client.changes.get.query({ org, changeId });
  const runIds = stages.flatMap(({ runId }) => runId ?? []);
  const runs = await Promise.all(runIds.map((runId) => client.runs.get.query({ org, runId })));
  const approvals = (await client.approvals.list.query({ org })).filter((approval) => approval.taskId === taskId);
  const { diff, branches, ...remote } = await readRemote({
    remote: repo.remote,
    branch: repo.defaultBranch,
    merged: change.merged,
  });
  const { ok: verified, events, streams, head, firstBad } = await client.audit.verify.mutate({ org });
  const { budget, ...described } = describeChange(change, approvals, runs);
  return {
    diff,
    facts: {
      ...remote,
      ...described,
      chain: { events, streams, verified, head, firstBad },
      denials: countDenials(seen),
      toolCalls: countToolCalls(seen),
      budget: { ...budget, ...countWaiting(seen, runs) },
      leftovers: { branches, processes: null, mounts: null },
      ...(story === 'budget' ? { landing: budgetFigures(seen, runs, approvals) } : {}),
    },
  };
}

/** Drives the sample task to its end and reads back what it left. */
export async function play(installation: Installation, { story, seed }: Playing, { say, interrupted }: Told) {
  const started = performance.now();
  const client = fleetClient({ url: installation.url, cookie: await signIn(await installation.ownerLink()) });
  const signal = AbortSignal.any([AbortSignal.timeout(10 * 60_000), interrupted]);
  const { org, repo, taskId } = await fileSampleTask(client, { story, signal });
  const seen: SeenEvent[] = [];
  const kills = seed === null ? namedKills : seededKills(seed);
  const crash = story === 'crash' ? crashWatcher({ kills, pids: () => installation.pids(), say }) : null;
  const onEvent = (one: SeenEvent) => {
    seen.push(one);
    const line = eventLine(one);
    if (line !== '') say(line);
    crash?.see(one);
  };
  const deciding: Deciding = { client, org, taskId, story, seen, signal };
  const onWaiting = (approvalId: string) => decide(deciding, approvalId);
  await followTask({ client, org, taskId, onEvent, onWaiting, signal });
  const taskMs = Math.round(performance.now() - started);
  const asked = { kills: crash ? kills.length : 0, killed: crash?.killed ?? [] };
  return { ...(await readBack(deciding, repo)), taskMs, ...asked };
}
