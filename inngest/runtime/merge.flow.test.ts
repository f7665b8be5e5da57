import { beforeAll, expect, it } from 'vitest';
import { sweepStale } from '../../server/services/sweep/sweep-stale.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { approves, doubles } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

it('of a change that a person merged meanwhile is no second merge', async () => {
  const flow = await rig.flow([doubles, approves]);
  const { pipelineRunId } = await flow.task();
  const approval = await flow.pending(pipelineRunId, 'merge');
  const { change } = await flow.row(pipelineRunId);
  const head = change?.head ?? '';
  await flow.remote.git('update-ref', 'refs/heads/main', head);
  await flow.decide(approval);
  expect(await flow.ended(pipelineRunId)).toMatchObject({
    status: 'succeeded',
    change: { status: 'merged', merged: head },
  });
  expect(await flow.remote.head('main')).toBe(head);
  expect(await flow.remote.branches()).toEqual(['main']);
});

it('whose lease is lost right before the push pushes nothing; whoever has it then does', async () => {
  let merges = 0;
  const pushes: string[] = [];
  let flow: Flow | null = null;
  /** Another worker has the attempt, and dies with it at once. */
  const steal = () =>
    flow?.db.stageAttempt.updateMany({
      where: { orgId: flow.orgId, stage: 'merge', status: 'running' },
      data: { leaseOwner: 'another/worker', leaseUntil: new Date(0) },
    });
  flow = await rig.flow([doubles, approves], {
    codeHost: (real) => ({
      ...real,
      async merge(request) {
        const merged = await real.merge(request);
        merges += 1;
        if (merges === 1) await steal();
        return merged;
      },
      async push(request) {
        const pushed = await real.push(request);
        if (request.branch === 'main') pushes.push(pushed.kind);
        return pushed;
      },
    }),
  });
  const { pipelineRunId } = await flow.task();
  await flow.decide(await flow.pending(pipelineRunId, 'merge'));
  const { database, bus, report } = flow.worker;
  const ended = await flow.until(async () => {
    await sweepStale({ database, bus, now: new Date(), report });
    const row = await flow.row(pipelineRunId);
    return row.endedAt ? row : null;
  }, 'the merge by whoever has it');
  expect(ended).toMatchObject({ status: 'succeeded', change: { merged: await flow.remote.head('main') } });
  expect({ merges, pushes }).toEqual({ merges: 2, pushes: ['pushed'] });
  expect(flow.reported).toEqual([]);
});
