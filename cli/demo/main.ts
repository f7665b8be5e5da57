import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFleet } from '../start-fleet.ts';
import { AppError } from '../../server/domain/errors.ts';
import { sampleTask } from '../../server/domain/tasks/sample-task.ts';
import { engineForDemo } from './engine-for-demo.ts';
import { fleetClient, type FleetClient } from './client.ts';
import { crashWatcher, namedKills, seededKills } from './crash-story.ts';
import { followTask, patiently, type SeenEvent } from './follow-task.ts';
import { eventLine } from './print-event.ts';
import { countDenials, countToolCalls, countWaiting } from './count-log.ts';
import { mountsOf, processesOf } from './leftovers.ts';
import { describeChange, faultsOf, readRemote, type DemoReport } from './report.ts';
import { signIn } from './sign-in.ts';

/** `seed` makes story *crash* kill at three moments drawn from it instead of the three it names. */
export type DemoOptions = {
  story: 'change' | 'crash';
  seed: number | null;
  /** Where sandboxes are made, see `engineForDemo`. */
  sandbox: string;
  json: boolean;
  keep: boolean;
};

type Installation = Awaited<ReturnType<typeof startFleet>>;

/** Onboarding as a newcomer does it: an org, the sample repository, the starter roles, the sample task. */
async function fileSampleTask(client: FleetClient) {
  const { slug: org } = await client.orgs.create.mutate({ name: 'Demo' });
  const repo = await client.repos.connect.mutate({ org, source: 'sample', remote: '', name: 'sample-api' });
  await client.starters.hire.mutate({ org });
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

/** Agrees to what the story asks; an escalation or a blocker is no part of it, so it is refused and the demo fails with its reason. */
type Deciding = { client: FleetClient; org: string; signal: AbortSignal };

async function decide({ client, org, signal }: Deciding, approvalId: string): Promise<void> {
  const { digest, subject } = await patiently(() => client.approvals.get.query({ org, approvalId }), signal);
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

async function readBack(client: FleetClient, filed: Awaited<ReturnType<typeof fileSampleTask>>, seen: SeenEvent[]) {
  const { org, repo, taskId } = filed;
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
    },
  };
}

async function play(installation: Installation, options: DemoOptions, { say, interrupted }: Told) {
  const started = performance.now();
  const client = fleetClient({ url: installation.url, cookie: await signIn(await installation.ownerLink()) });
  const filed = await fileSampleTask(client);
  const seen: SeenEvent[] = [];
  const kills = options.seed === null ? namedKills : seededKills(options.seed);
  const crash = options.story === 'crash' ? crashWatcher({ kills, pids: () => installation.pids(), say }) : null;
  const onEvent = (one: SeenEvent) => {
    seen.push(one);
    const line = eventLine(one);
    if (line !== '') say(line);
    crash?.see(one);
  };
  const signal = AbortSignal.any([AbortSignal.timeout(10 * 60_000), interrupted]);
  const onWaiting = (approvalId: string) => decide({ client, org: filed.org, signal }, approvalId);
  await followTask({ client, org: filed.org, taskId: filed.taskId, onEvent, onWaiting, signal });
  const taskMs = Math.round(performance.now() - started);
  const asked = { kills: crash ? kills.length : 0, killed: crash?.killed ?? [] };
  return { ...(await readBack(client, filed, seen)), taskMs, ...asked };
}

type Told = { say: (line: string) => void; interrupted: AbortSignal };

/** Aborted by the first signal that asks this process to stop; further ones change nothing, so that it stops cleanly. */
function onInterrupt(): AbortSignal {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new AppError('unavailable', 'The demo was interrupted.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return stopping.signal;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

type Played = { report: DemoReport; diff: string; faults: string[] };

function tell({ report, diff, faults }: Played, { say }: Told): void {
  const { merged, cleanCheckout, chain, timings, model } = report;
  const { tests, failed } = cleanCheckout;
  say(`\n${diff}\n`);
  say(`merged ${merged ?? 'nothing'} · clean checkout: ${tests} tests, ${failed} failed`);
  const verified = chain.verified ? 'verified' : 'NOT VERIFIED';
  say(`audit chain: ${chain.events} events in ${chain.streams} streams ${verified} · head ${chain.head}`);
  say(`start ${timings.startMs} ms · task ${timings.taskMs} ms · all ${timings.totalMs} ms · model: ${model}`);
  for (const fault of faults) say(`✗ ${fault}`);
}

/** Runs the sample task on a throw-away installation. Returns the exit code: 0 only if it is merged, tested and verified. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const say = (line: string) => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  const told: Told = { say, interrupted: onInterrupt() };
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-demo-'));
  try {
    const played = await playAndStop(dataDir, options, told);
    await clear(dataDir, { keep: options.keep, failed: played.faults.length > 0, say });
    return played.faults.length === 0 ? 0 : 1;
  } catch (error) {
    await clear(dataDir, { keep: false, failed: !told.interrupted.aborted, say });
    told.interrupted.throwIfAborted();
    if (options.json) process.stdout.write(`${JSON.stringify({ error: messageOf(error) })}\n`);
    throw error instanceof AppError ? error : new AppError('unavailable', `The demo broke off: ${messageOf(error)}`);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function playAndStop(dataDir: string, options: DemoOptions, told: Told): Promise<Played> {
  const { say, interrupted } = told;
  const began = performance.now();
  const since = () => Math.round(performance.now() - began);
  await engineForDemo(dataDir, options.sandbox, say);
  const installation = await startFleet({ dataDir, freePorts: true, onProgress: say, signal: interrupted });
  try {
    const startMs = since();
    const { diff, facts, taskMs, killed, kills } = await play(installation, options, told);
    if (!options.keep) {
      await installation.stop();
      const [processes, mounts] = await Promise.all([processesOf(dataDir), mountsOf(dataDir)]);
      Object.assign(facts.leftovers, { processes: processes.length, mounts: mounts.length });
    }
    const report: DemoReport = { ...facts, killed, timings: { startMs, taskMs, totalMs: since() } };
    const played: Played = { report, diff, faults: faultsOf(report, { kills }) };
    tell(played, told);
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    if (options.keep) {
      const { url } = installation;
      say(`\nStill running at ${url}\nSign in: ${await installation.ownerLink()}\nData: ${dataDir}. Ctrl-C stops it.`);
      await untilAborted(interrupted);
    }
    return played;
  } finally {
    await installation.stop();
  }
}

type Clearing = { keep: boolean; failed: boolean; say: (line: string) => void };

async function clear(dataDir: string, { keep, failed, say }: Clearing): Promise<void> {
  if (keep) return;
  if (failed) say(`Kept to be looked at: ${dataDir} (logs in ${join(dataDir, 'logs')})`);
  else await rm(dataDir, { recursive: true, force: true });
}
