import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { verifyStreams } from '../../server/db/verify-streams.ts';
import { sampleTask } from '../../server/domain/tasks/sample-task.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { readFiles } from './testing/read-files.ts';
import { workerProcess } from './testing/worker-process.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

async function worker(over: Record<string, string> = {}) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'fleet-worker-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return workerProcess({ ...rig, dataDir }, over);
}

const ends: [string, (child: ChildProcess) => unknown][] = [
  ['SIGTERM', (child) => child.kill('SIGTERM')],
  ['Ctrl-C', (child) => child.kill('SIGINT')],
  ['the end of its parent', (child) => child.disconnect()],
];

describe('the worker process', () => {
  it.each(ends)('registers, answers, and leaves cleanly on %s', async (_name, end) => {
    const own = await worker();
    await own.says('registered');
    expect((await fetch(`${own.url}/health`)).status).toBe(200);
    expect((await fetch(`${own.url}/api/inngest`, { method: 'POST', body: '{}' })).status).toBe(401);
    end(own.child);
    expect(await own.exited).toBe(0);
  });

  it('waits for an engine that is not there yet', async () => {
    const own = await worker({ INNGEST_BASE_URL: 'http://127.0.0.1:9' });
    await own.says('listening');
    expect((await fetch(`${own.url}/health`)).status).toBe(200);
    own.child.kill('SIGTERM');
    expect(await own.exited).toBe(0);
    expect(own.output()).not.toContain('registered');
  });

  it('says what is missing', async () => {
    const own = await worker({ FLEET_MASTER_KEY: '' });
    expect(await own.exited).toBe(1);
    expect(own.output()).toContain('FLEET_MASTER_KEY');
  });
});

describe('the sample task in an installation without a key', () => {
  it('is merged although the worker is stopped once and killed twice', { timeout: 400_000 }, async () => {
    const files = await readFiles(path.resolve('samples/api'));
    const flow = await rig.flow([], { idle: true, files });
    const { db, orgId, dataDir } = flow;
    await db.repo.updateMany({ where: { orgId }, data: { source: 'sample' } });
    const start = () => workerProcess({ ...rig, dataDir });
    const turns = (pipelineRunId: string, stage: string, attempt: number, least: number) =>
      flow.until(async () => {
        const found = (await flow.row(pipelineRunId)).attempts.find(
          (each) => each.stage === stage && each.attempt === attempt,
        );
        return (found?.run?.turns ?? 0) >= least;
      }, `turn ${least} of ${stage} ${attempt}`);

    const first = await start();
    const { pipelineRunId } = await flow.task(sampleTask, false);
    await turns(pipelineRunId, 'build', 1, 3);
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    const given = await db.run.findFirstOrThrow({ where: { orgId } });
    expect(given).toMatchObject({ status: 'queued', leaseOwner: null, scripted: true });

    const second = await start();
    await flow.decide(await flow.pending(pipelineRunId, 'question'), { answer: 'Yes' });
    await turns(pipelineRunId, 'build', 2, 2);
    second.child.kill('SIGKILL');
    await second.exited;

    const third = await start();
    const approval = await flow.pending(pipelineRunId, 'merge');
    third.child.kill('SIGKILL');
    await third.exited;
    await flow.decide(approval);
    await start();
    const ended = await flow.ended(pipelineRunId);
    expect(ended).toMatchObject({ status: 'succeeded', change: { merged: await flow.remote.head('main') } });
    expect(ended.attempts.map(({ stage }) => stage)).toEqual([
      ...['prepare', 'build', 'check', 'review'],
      ...['build', 'check', 'review', 'merge-ok', 'merge'],
    ]);
    expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true });
  });
});
