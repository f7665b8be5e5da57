import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, inject, it } from 'vitest';
import { systemClock } from '../../server/adapters/clock/system-clock.ts';
import { dice } from '../../server/domain/dice.ts';
import { tellDrill } from '../../server/testing/tell-drill.ts';
import { pauseRun, resumeRun } from '../../server/services/runs/steer-run.ts';
import { driveSlice } from './drive-slice.ts';
import { chaosBefore, isReply } from './testing/chaos.ts';
import { childWorker } from './testing/child-worker.ts';
import { figuresOf } from './testing/figures.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { invariants, type Observed } from './testing/invariants.ts';
import { keepLeaseLog, millisAtLastClaim } from './testing/lease-log.ts';
import { observe } from './testing/observe.ts';
import { approves, create, developer, doubleTest, handoff, shell, traced } from './testing/stories.ts';
import { sweepingUntil } from './testing/sweeping.ts';

// Each drill breaks something while a task is worked on, and lets the verifier judge what is left: it reads the database
// and the remote, and each of its invariants must also find the fault in a world that was made to break it.

const { seed, full } = inject('drill');
const patience = 30 * 60_000;

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
  await keepLeaseLog(rig.admin);
});

const works = developer(
  1,
  [traced('baseline', 'npm test')],
  [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
  [traced('proof', 'sleep 1; npm test')],
  [handoff('double() doubles a number.')],
);

async function verified(flow: Flow, killedAt: number[] = []): Promise<Observed> {
  const seen = await observe({ admin: rig.admin, orgId: flow.orgId, remote: flow.remote, killedAt });
  for (const { name, faults, broken } of invariants) {
    expect(faults(seen), name).toEqual([]);
    expect(faults(broken(seen)), `a world in which it does not hold that ${name}`).not.toEqual([]);
  }
  tellDrill(figuresOf(seen));
  return seen;
}

const runOf = (flow: Flow) => flow.db.run.findFirst({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });

it('drill: model', { timeout: patience }, async () => {
  const journal: string[] = [];
  const flow = await rig.flow([works, approves], {
    model: (real) => chaosBefore(real, { seed, journal }),
  });
  const { pipelineRunId } = await flow.task();
  await flow.pending(pipelineRunId, 'merge');
  const { events, traces } = await verified(flow);
  expect(traces).toEqual(['baseline', 'proof']);
  const count = (...kinds: string[]) => events.filter(({ kind }) => kinds.includes(kind)).length;
  expect(journal).toEqual(expect.arrayContaining(['arguments', 'too_long']));
  expect(count('model.called')).toBe(journal.length);
  expect(count('model.failed')).toBe(journal.filter((fault) => !isReply(fault)).length);
  const unread = events.filter(({ kind, payload }) => kind === 'tool.finished' && payload['outcome'] === 'error');
  expect(unread.length).toBeGreaterThanOrEqual(journal.filter((fault) => fault === 'arguments').length);
  expect(count('context.compacted')).toBe(1);
});

it('drill: clock', { timeout: patience }, async () => {
  const hour = 3_600_000;
  let offset = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + offset) };
  const afterCommand = async () => void (offset = offset > 0 ? -hour : hour);
  const flow = await rig.flow([works, approves], { clock, afterCommand });
  const { pipelineRunId } = await flow.task();
  await sweepingUntil(flow.worker, () => flow.pending(pipelineRunId, 'merge'));
  const { runs, events } = await verified(flow);
  expect(offset).not.toBe(0);
  for (const { millisUsed } of runs) expect(millisUsed).toBeLessThan(hour / 2);
  expect(events.filter(({ kind }) => kind === 'slice.started')).toHaveLength(runs.length);
});

it('drill: asleep', { timeout: patience }, async () => {
  let slept = 0;
  const clock = { ...systemClock, elapsed: () => systemClock.elapsed() + slept };
  const afterCommand = async () => void (slept += 3_600_000);
  const flow = await rig.flow([works, approves], { clock, afterCommand });
  const { pipelineRunId } = await flow.task();
  await sweepingUntil(flow.worker, () => flow.pending(pipelineRunId, 'merge'));
  await verified(flow);
  expect(slept).toBeGreaterThan(0);
});

it('drill: slices', { timeout: patience }, async () => {
  const flow = await rig.flow([works, approves], { sliceMs: 1_000 });
  const { pipelineRunId } = await flow.task();
  const { orgId, worker } = flow;
  const roll = dice(seed);
  const flood = async () => {
    const runs = await flow.db.run.findMany({ where: { orgId }, select: { id: true } });
    const slices = runs.map(({ id }) => ({ name: 'run/slice-requested' as const, data: { orgId, runId: id } }));
    const advance = { name: 'pipeline-run/advance-requested' as const, data: { orgId, pipelineRunId } };
    const events = [...slices, ...slices, advance].toSorted(() => roll() - 0.5);
    await worker.bus.send(events);
    // The same again past the engine, as from another machine.
    await Promise.all(
      runs.map(({ id }) => driveSlice({ ...worker, id: 'other' }, { orgId, runId: id, lastTry: false })),
    );
  };
  let over = false;
  const flooding = (async () => {
    while (!over) {
      await flood();
      await pause(20 + roll() * 200);
    }
  })();
  try {
    await flow.pending(pipelineRunId, 'merge');
  } finally {
    over = true;
    await flooding;
  }
  await flood();
  await verified(flow);
});

it('drill: race', { timeout: patience }, async () => {
  // A slice a turn, and nobody is asked to make it: whoever comes first has it.
  const flow = await rig.flow([works, approves], { sliceMs: 1 });
  const { pipelineRunId } = await flow.task();
  const { orgId, worker } = flow;
  const roll = dice(seed);
  let over = false;
  const racing = (async () => {
    while (!over) {
      const runs = await flow.db.run.findMany({ where: { orgId, status: 'queued' }, select: { id: true } });
      const rivals = Array.from({ length: 8 }, (_, n) => ({ ...worker, id: `rival ${n}` }));
      const order = rivals.toSorted(() => roll() - 0.5);
      await Promise.all(
        runs.flatMap(({ id: runId }) => order.map((rival) => driveSlice(rival, { orgId, runId, lastTry: false }))),
      );
      await pause(5);
    }
  })();
  try {
    await sweepingUntil(worker, () => flow.pending(pipelineRunId, 'merge'));
  } finally {
    over = true;
    await racing;
  }
  const { leases } = await verified(flow);
  expect(leases.filter(({ status }) => status === 'running').length).toBeGreaterThanOrEqual(5);
});

it('drill: zombie', { timeout: patience }, async () => {
  const flow = await rig.flow([works, approves], { idle: true });
  const child = await childWorker(flow.crash, null);
  const { pipelineRunId } = await flow.task();
  const run = await flow.until(async () => {
    const found = await runOf(flow);
    return found?.status === 'running' && found.toolCalls > 0 ? found : null;
  }, 'the first worker to be at work');
  child.signal('SIGSTOP');
  const stoppedAt = Date.now();
  // Another machine takes the run over once the lease has ended, and works while the first one comes back.
  const takesOver = flow.until(async () => {
    await driveSlice(flow.worker, { orgId: flow.orgId, runId: run.id, lastTry: false });
    const found = await runOf(flow);
    return found && found.leaseGeneration > run.leaseGeneration ? found : null;
  }, 'the lease to end');
  await flow.until(async () => (await runOf(flow))!.leaseGeneration > run.leaseGeneration, 'the lease to end');
  child.signal('SIGCONT');
  await takesOver;
  await sweepingUntil(flow.worker, () => flow.pending(pipelineRunId, 'merge'));
  const { events } = await verified(flow, [stoppedAt]);
  expect(events.filter(({ kind, runId }) => kind === 'slice.started' && runId === run.id).length).toBeGreaterThan(1);
});

/** A worker that is killed when `due` says so; returns when that was. */
async function killed(flow: Flow, due: () => Promise<boolean>): Promise<number> {
  const child = await childWorker(flow.crash, null);
  await sweepingUntil(flow.worker, () => flow.until(due, 'the moment of the kill', patience));
  const at = Date.now();
  await child.kill();
  return at;
}

/** While nobody holds the run: a person pauses it, and the next worker puts it to sleep and dies beside it. */
async function killedBeside(flow: Flow, runId: string, forMs: number): Promise<number> {
  if ((await runOf(flow))?.status !== 'waiting') await pauseRun(flow.by(), { runId });
  return killed(flow, async () => {
    if ((await runOf(flow))?.status !== 'waiting') return false;
    await pause(forMs);
    return true;
  });
}

async function killedAtWork(flow: Flow, forMs: number): Promise<number> {
  const before = await runOf(flow);
  if (before?.status === 'waiting') await resumeRun(flow.by(), { runId: before.id });
  return killed(flow, async () => {
    const run = await runOf(flow);
    if (!run || run.status !== 'running' || run.toolCalls === 0) return false;
    if (run.leaseGeneration === (before?.leaseGeneration ?? 0)) return false;
    await pause(forMs);
    return true;
  });
}

it('drill: kill', { timeout: patience }, async () => {
  const roll = dice(seed);
  // A kill at work may cost a whole lease: eight of them leave enough of the budget to be stopped at its end.
  const beside = full ? 12 : 1;
  const atWork = full ? 8 : 1;
  const seconds = full ? 60 : 18;
  const flow = await rig.flow([developer(1, [shell('sleep 600')])], { idle: true });
  await flow.changeDeveloper({ secondsLimit: seconds });
  const { pipelineRunId } = await flow.task();
  const killedAt = [await killedAtWork(flow, 100 + roll() * 900)];
  const { id: runId } = (await runOf(flow))!;
  const left = { atWork: atWork - 1, beside };
  while (left.atWork + left.beside > 0) {
    const working = roll() * (left.atWork + left.beside) < left.atWork;
    const forMs = 100 + roll() * 900;
    killedAt.push(working ? await killedAtWork(flow, forMs) : await killedBeside(flow, runId, forMs));
    left[working ? 'atWork' : 'beside'] -= 1;
    const { millisUsed } = (await runOf(flow))!;
    tellDrill(`killed ${killedAt.length} times of ${atWork + beside}; ${millisUsed} ms of ${seconds} s used`);
  }
  if ((await runOf(flow))!.status === 'waiting') await resumeRun(flow.by(), { runId });
  // A process of its own as the others were: what looks on must not slow down the stop that it judges.
  await childWorker(flow.crash, null);
  const escalation = await sweepingUntil(flow.worker, () => flow.pending(pipelineRunId, 'escalation', patience));
  expect(escalation.subject).toMatchObject({ reason: 'run_time_exhausted' });
  const { runs, leases } = await verified(flow, killedAt);
  expect(runs[0]!.millisUsed).toBeGreaterThanOrEqual(seconds * 1_000);
  expect(millisAtLastClaim(leases, runId)).toBeLessThan(seconds * 1_000);
});

it('drill: steps', { timeout: patience }, async () => {
  const whole = 22;
  const first = 2 + Math.floor(dice(seed)() * (whole - 2));
  const steps = full ? Array.from({ length: whole }, (_, n) => n + 1) : [first];
  for (const step of steps) {
    const flow = await rig.flow([works, approves], { idle: true });
    const { pipelineRunId } = await flow.task();
    const recorded = async () => {
      const run = await runOf(flow);
      if (!run) return false;
      const stream = await flow.db.stream.findFirst({ where: { orgId: flow.orgId, kind: 'run', subject: run.id } });
      return (stream?.headSeq ?? 0) >= step;
    };
    const killedAt = await killed(flow, recorded);
    // Ended with its step: what it serves is this step's work only.
    const last = await childWorker(flow.crash, null);
    await sweepingUntil(flow.worker, () => flow.pending(pipelineRunId, 'merge', patience));
    const { events, traces } = await verified(flow, [killedAt]);
    expect(new Set(traces)).toEqual(new Set(['baseline', 'proof']));
    expect(events.length).toBeGreaterThan(whole);
    await last.kill();
    tellDrill(`killed after event ${step} of ${whole}, and gone on from`);
  }
});
