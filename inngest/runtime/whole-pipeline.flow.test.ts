import { beforeAll, describe, expect, it } from 'vitest';
import { verifyStreams } from '../../server/db/verify-streams.ts';
import { fromBase64, fromHex, utf8Bytes } from '../../server/domain/audit/bytes.ts';
import { checkpointText, originOf } from '../../server/domain/audit/checkpoint.ts';
import { nodeHashing } from '../../server/domain/audit/node-hashing.ts';
import { checkEvidence } from '../../server/domain/checks/evidence.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import {
  approve,
  approves,
  developer,
  doubles,
  doubleTest,
  handoff,
  replace,
  requestChanges,
  reviewer,
  shell,
} from './testing/stories.ts';

/** The head in the merge's own message is signed by the installation's key, and covers the run that was merged. */
async function expectSignedTree({ orgId, worker }: Flow, log: string): Promise<void> {
  const [, size, root = '', signature = ''] = /Fleet-Audit-Tree: (\d+):([0-9a-f]{64}) (\S+)/.exec(log) ?? [];
  const head = { origin: originOf(orgId), size: Number(size), root: fromHex(root) };
  const [key] = await worker.auditKeys.published();
  const signed = fromBase64(signature);
  if (!key || !signed) throw new Error('no key or no signature');
  expect(nodeHashing.signedBy(key.publicKey, utf8Bytes(checkpointText(head)), signed)).toBe(true);
  expect(head.size).toBeGreaterThan(20);
}

type Flow = Awaited<ReturnType<FlowRig['flow']>>;

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

describe('a task from request to merge', () => {
  it('goes through developer, check, reviewer with requested changes, approval and a real push', async () => {
    const flow = await rig.flow([
      doubles,
      developer(
        2,
        [replace('src/double.js', '(n) => n * 2', '(n) => Number(n) * 2')],
        [handoff('Text is read as a number.', { answers: [{ finding: 'R1-F1', how: 'Number()' }] })],
      ),
      reviewer(1, [shell('node -e 1')], [requestChanges('src/double.js', 1)]),
      reviewer(2, [approve]),
    ]);
    const { db, orgId, remote } = flow;
    const before = await remote.head('main');
    const { pipelineRunId } = await flow.task();
    const approval = await flow.pending(pipelineRunId, 'merge');
    expect(await remote.branches()).toContain('fleet/1-double-it');
    expect(await remote.head('main')).toBe(before);
    await flow.decide(approval);
    const ended = await flow.ended(pipelineRunId);

    expect(ended).toMatchObject({ status: 'succeeded', outcome: { reason: 'merged' } });
    expect(ended.attempts.map(({ stage, attempt, status }) => `${stage} ${attempt} ${status}`)).toEqual([
      'prepare 1 passed',
      'build 1 passed',
      'check 1 passed',
      'review 1 failed',
      'build 2 passed',
      'check 2 passed',
      'review 2 passed',
      'merge-ok 1 passed',
      'merge 1 passed',
    ]);
    expect(ended.change).toMatchObject({ status: 'merged', merged: await remote.head('main'), files: 2 });
    expect(await remote.file('src/double.js')).toContain('Number(n) * 2');
    expect(await remote.branches()).toEqual(['main']);
    expect(await remote.log()).toMatch(/Fleet-Audit-Head: \d+:[0-9a-f]{64}/);
    await expectSignedTree(flow, await remote.log());
    expect(await remote.log()).toContain('Fleet-Role: developer');
    expect(await remote.log()).toContain(`Requested-by: `);

    const checks = await db.checkResult.findMany({ where: { orgId }, orderBy: { id: 'asc' } });
    const evidence = checks.map((row) => checkEvidence.parse(row.evidence));
    expect(evidence[0]).toMatchObject({ tests: { passed: 1, failed: 0, skipped: 0 }, newTests: [] });
    expect(evidence[1]).toMatchObject({
      tests: { passed: 2, failed: 0, skipped: 0 },
      newTests: [{ name: 'doubles', file: 'test/double.test.js', onBase: 'failed', onHead: 'passed' }],
      removedTests: [],
    });
    const runs = ended.attempts.flatMap(({ run }) => run ?? []);
    expect(runs.every((run) => run.status === 'succeeded' && run.costMicros > 0n && run.millisUsed > 0n)).toBe(true);
    expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true });
    await flow.until(async () => (await flow.worker.workspaces.list()).length === 0, 'the work trees to be removed');
    expect(flow.reported).toEqual([]);
  });

  it('is one merge however small the slices are', async () => {
    const flow = await rig.flow([doubles, approves], { sliceMs: 300 });
    const { pipelineRunId } = await flow.task();
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    const ended = await flow.ended(pipelineRunId);
    expect(ended.status).toBe('succeeded');
    expect(ended.attempts.find(({ stage }) => stage === 'build')?.run?.leaseGeneration).toBeGreaterThan(1);
    expect(await rig.database.org(flow.orgId).handoff.count({ where: { orgId: flow.orgId } })).toBe(1);
  });

  it('files one task for one key', async () => {
    const flow = await rig.flow([], { idle: true });
    const key = { source: 'api' as const, sourceKey: 'once' };
    const [a, b] = await Promise.all([flow.task(key), flow.task(key)]);
    expect(a).toEqual(b);
    const numbers = await Promise.all(Array.from({ length: 10 }, () => flow.task()));
    expect(new Set(numbers.map(({ taskId }) => taskId)).size).toBe(10);
    const rows = await flow.db.task.findMany({ where: { orgId: flow.orgId }, orderBy: { number: 'asc' } });
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('leaves out what the task may not write, and says so', async () => {
    const flow = await rig.flow([
      developer(
        1,
        [shell(`mkdir -p test && printf '%s' "${doubleTest().replaceAll('"', '\\"')}" > test/double.test.js`)],
        [shell("printf 'export const double = (n) => n * 2;' > src/double.js; echo secret > outside.txt")],
        [handoff('double()')],
      ),
      approves,
    ]);
    const { pipelineRunId } = await flow.task({ scope: ['src/**', 'test/**'] });
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    await flow.ended(pipelineRunId);
    expect(await flow.remote.file('src/double.js')).not.toBeNull();
    expect(await flow.remote.file('outside.txt')).toBeNull();
    const handed = await flow.db.handoff.findFirstOrThrow({ where: { orgId: flow.orgId } });
    expect(handed.body).toMatchObject({ changed: expect.arrayContaining(['src/double.js']), leftOut: [] });
  });

  it('is refused beforehand, with words, where it could not be done', async () => {
    const flow = await rig.flow([], { idle: true });
    const { db, orgId } = flow;
    await expect(flow.task({}, false)).rejects.toMatchObject({
      code: 'model_key_missing',
      message: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
    await expect(flow.task({ scope: [] })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(flow.task({ repoId: 'rep_x' })).rejects.toMatchObject({ code: 'not_found' });
    await db.repo.updateMany({ where: { orgId }, data: { defaultBranch: 'trunk' } });
    await expect(flow.task()).rejects.toMatchObject({ code: 'repo_empty', message: expect.stringContaining('trunk') });
    await db.repo.updateMany({ where: { orgId }, data: { remote: '/nowhere.git' } });
    await expect(flow.task()).rejects.toMatchObject({ code: 'repo_unreachable' });
    expect(await db.task.count({ where: { orgId } })).toBe(0);
  });
});
