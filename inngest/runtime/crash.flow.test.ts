import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { verifyStreams } from '../../server/db/verify-streams.ts';
import { childWorker } from './testing/child-worker.ts';
import type { CrashPoint } from './testing/crash-order.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { sweepingUntil } from './testing/sweeping.ts';
import { approves, create, developer, doubles, doubleTest, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

/** As a new worker does: it serves, sweeps, and sweeps again once leases have run out. */
async function takeOver(flow: Flow, settled: () => Promise<unknown>): Promise<void> {
  await flow.start();
  await sweepingUntil(flow.worker, settled);
}

describe('kill -9 of the worker', () => {
  it.each<CrashPoint>(['handoff: before the push', 'handoff: after the push', 'check: in the tests'])(
    '%s: it still ends with one commit',
    async (at) => {
      const flow = await rig.flow([doubles, approves], { idle: true });
      const child = await childWorker(flow.crash, at);
      const { pipelineRunId } = await flow.task();
      await child.died;
      await takeOver(flow, async () => flow.decide(await flow.pending(pipelineRunId, 'merge')));
      const ended = await flow.ended(pipelineRunId);
      expect(ended.status).toBe('succeeded');
      expect(await flow.db.handoff.count({ where: { orgId: flow.orgId } })).toBe(1);
      expect((await flow.remote.log()).match(/Fleet-Run:/g)).toHaveLength(1);
      expect(await verifyStreams(flow.db, { orgId: flow.orgId })).toMatchObject({ ok: true });
    },
  );

  it('after a push whose run then came to nothing: a later run takes the branch back', async () => {
    const files = [
      create('src/double.js', 'export const double = (n) => n + n;\n'),
      create('test/double.test.js', doubleTest()),
    ];
    const flow = await rig.flow([doubles, developer(2, files, [handoff('Once more.')]), approves], { idle: true });
    const child = await childWorker(flow.crash, 'handoff: after the push');
    const { pipelineRunId } = await flow.task();
    await child.died;
    const branch = (await flow.row(pipelineRunId)).change?.branch ?? '';
    const abandoned = await flow.remote.head(branch);
    expect(abandoned).not.toBeNull();
    expect(await flow.db.handoff.count({ where: { orgId: flow.orgId } })).toBe(0);
    const first = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId } });
    await flow.worker.workspaces.remove(first.id);
    await takeOver(flow, async () => flow.decide(await flow.pending(pipelineRunId, 'merge')));
    const ended = await flow.ended(pipelineRunId);
    expect(ended.status).toBe('succeeded');
    expect(ended.attempts.find(({ run }) => run?.id === first.id)?.run?.outcome).toMatchObject({
      reason: 'sandbox_lost',
    });
    expect(await flow.remote.log()).not.toContain(abandoned);
    expect(await flow.remote.file('src/double.js')).toContain('n + n');
    expect(await flow.remote.branches()).toEqual(['main']);
  });

  it.each<CrashPoint>(['merge: before the push', 'merge: after the push'])(
    '%s: one merge reaches the remote',
    async (at) => {
      const flow = await rig.flow([doubles, approves], { idle: true });
      const child = await childWorker(flow.crash, at);
      const { pipelineRunId } = await flow.task();
      await flow.decide(await flow.pending(pipelineRunId, 'merge'));
      await child.died;
      await takeOver(flow, () => flow.ended(pipelineRunId));
      const ended = await flow.ended(pipelineRunId);
      expect(ended).toMatchObject({ status: 'succeeded', change: { merged: await flow.remote.head('main') } });
      expect((await flow.remote.git('log', '--merges', '--format=%H', 'main')).trim().split('\n')).toHaveLength(1);
      expect(await flow.remote.branches()).toEqual(['main']);
    },
  );

  const isCount = (path: string) => path.endsWith('src/count.txt');
  it('in a command: the call comes back as lost, is not repeated by itself, and is charged to the lease’s end', async () => {
    const command = 'echo once >> src/count.txt; test $(wc -l < src/count.txt) -gt 1 || sleep 60';
    const flow = await rig.flow(
      [
        developer(
          1,
          [shell(command)],
          [
            create('src/double.js', 'export const double = (n) => n * 2;\n'),
            create('test/double.test.js', doubleTest()),
          ],
          [handoff('done')],
        ),
        approves,
      ],
      // One slice for all that is left, however slow the machine.
      { idle: true, sliceMs: 600_000 },
    );
    const child = await childWorker(flow.crash, null);
    const { pipelineRunId } = await flow.task();
    const run = await flow.until(
      () => flow.db.run.findFirst({ where: { orgId: flow.orgId, toolCalls: { gt: 0 } } }),
      'the command to be intended',
    );
    await flow.until(
      async () => (await readdir(join(flow.dataDir, 'workspaces'), { recursive: true })).some(isCount),
      'the command to take effect',
    );
    await child.kill();
    const killedAt = await flow.db.run.findUniqueOrThrow({ where: { orgId_id: { orgId: flow.orgId, id: run.id } } });
    // The scripted model answers a lost call by calling again.
    await takeOver(flow, () => flow.pending(pipelineRunId, 'merge'));
    const row = await flow.db.run.findUniqueOrThrow({ where: { orgId_id: { orgId: flow.orgId, id: run.id } } });
    expect(row.leaseGeneration).toBe(2);
    const beats = killedAt.heartbeatAt?.getTime() ?? 0;
    expect(killedAt.leaseUntil?.getTime()).toBe(beats + 5_000);
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
    const lost = events.find(({ kind, payload }) => kind === 'tool.finished' && payload.outcome === 'lost');
    expect(lost?.payload).toMatchObject({ text: expect.stringContaining('interrupted') });
    // What the world saw: each intent ran once, the lost one too, and nothing else did.
    const intended = events.filter(({ kind, payload }) => kind === 'tool.intended' && payload.tool === 'shell');
    const branch = (await flow.row(pipelineRunId)).change?.branch ?? '';
    expect(intended).toHaveLength(2);
    expect(await flow.remote.file('src/count.txt', branch)).toBe('once\n'.repeat(2));
  });
});
