import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, inject, it } from 'vitest';
import { systemClock } from '../../server/adapters/clock/system-clock.ts';
import { dice } from '../../server/domain/dice.ts';
import { leaseMs } from '../../server/domain/runs/lease.ts';
import { driveSlice } from './drive-slice.ts';
import { chaosBefore } from './testing/chaos.ts';
import { childWorker } from './testing/child-worker.ts';
import { figuresOf } from './testing/figures.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { invariants, type Observed } from './testing/invariants.ts';
import { observe } from './testing/observe.ts';
import { approves, create, developer, doubleTest, handoff, shell, traced } from './testing/stories.ts';
import { sweepingUntil } from './testing/sweeping.ts';

// Each drill breaks something while a task is worked on, and lets the verifier judge what is left: it reads the database
// and the remote, and each of its invariants must also find the fault in a world that was made to break it.

const { seed, full, report = null } = inject('drill');
const patience = 30 * 60_000;

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const works = developer(
  1,
  [traced('baseline', 'npm test')],
  [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
  [traced('proof', 'sleep 1; npm test')],
  [handoff('double() doubles a number.')],
);

async function verified(flow: Flow, kills = 0): Promise<Observed> {
  const seen = await observe({ admin: rig.admin, orgId: flow.orgId, remote: flow.remote, kills });
  for (const { name, faults, broken } of invariants) {
    expect(faults(seen), name).toEqual([]);
    expect(faults(broken(seen)), `a world in which it does not hold that ${name}`).not.toEqual([]);
  }
  if (report !== null) appendFileSync(report, `${JSON.stringify(figuresOf(seen))}\n`);
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
  const answered = events.filter(({ kind }) => kind === 'model.replied').length;
  expect(journal.filter((fault) => fault === 'none').length).toBe(answered);
  expect(events.filter(({ kind }) => kind === 'model.failed').length).toBe(journal.length - answered);
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

it('drill: zombie', { timeout: patience }, async () => {
  const flow = await rig.flow([works, approves], { idle: true });
  const child = await childWorker(flow.crash, null);
  const { pipelineRunId } = await flow.task();
  const run = await flow.until(async () => {
    const found = await runOf(flow);
    return found?.status === 'running' && found.toolCalls > 0 ? found : null;
  }, 'the first worker to be at work');
  child.signal('SIGSTOP');
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
  const { events } = await verified(flow, 1);
  expect(events.filter(({ kind, runId }) => kind === 'slice.started' && runId === run.id).length).toBeGreaterThan(1);
});

/** A worker that is killed when `due` says so, and the wait until its lease has ended. */
async function killed(flow: Flow, due: () => Promise<boolean>): Promise<void> {
  const child = await childWorker(flow.crash, null);
  await sweepingUntil(flow.worker, () => flow.until(due, 'the moment of the kill', patience));
  await child.kill();
}

it('drill: kill', { timeout: patience }, async () => {
  const roll = dice(seed);
  const kills = full ? 20 : 1;
  const seconds = full ? 130 : 9;
  const flow = await rig.flow([developer(1, [shell('sleep 600')])], { idle: true });
  await flow.changeDeveloper({ secondsLimit: seconds });
  const { pipelineRunId } = await flow.task();
  for (let n = 0; n < kills; n += 1) {
    const before = (await runOf(flow))?.leaseGeneration ?? 0;
    const workMs = 300 + roll() * 1_500;
    await killed(flow, async () => {
      const run = await runOf(flow);
      if (!run || run.leaseGeneration === before || run.toolCalls === 0) return false;
      await pause(workMs);
      return true;
    });
  }
  await flow.start();
  const escalation = await sweepingUntil(flow.worker, () => flow.pending(pipelineRunId, 'escalation', patience));
  expect(escalation.subject).toMatchObject({ reason: 'run_time_exhausted' });
  const { runs } = await verified(flow, kills);
  expect(runs[0]!.millisUsed).toBeGreaterThanOrEqual(seconds * 1_000);
  // Stopped within a second by whoever holds it; a kill at the very end costs one lease more.
  expect(runs[0]!.millisUsed).toBeLessThanOrEqual(seconds * 1_000 + 1_000 + leaseMs);
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
    await killed(flow, recorded);
    await flow.start();
    await sweepingUntil(flow.worker, () => flow.pending(pipelineRunId, 'merge', patience));
    const { events, traces } = await verified(flow, 1);
    expect(new Set(traces)).toEqual(new Set(['baseline', 'proof']));
    expect(events.length).toBeGreaterThan(whole);
  }
});
