import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { paginationStory } from '../../server/adapters/model/scripted/pagination/story.ts';
import { verifyStreams } from '../../server/db/verify-streams.ts';
import { checkEvidence } from '../../server/domain/checks/evidence.ts';
import { reviewRecord } from '../../server/domain/runs/review-record.ts';
import { sampleTask } from '../../server/domain/tasks/sample-task.ts';
import { readFiles } from './testing/read-files.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

describe('the sample task', () => {
  it('plays as written: a question, one round of requested changes, evidence that admits what it does not prove', async () => {
    const files = await readFiles(path.resolve('samples/api'));
    const flow = await rig.flow(paginationStory.parts, { files });
    const { db, orgId, remote } = flow;
    const { pipelineRunId } = await flow.task(sampleTask);
    await flow.decide(await flow.pending(pipelineRunId, 'question'), { answer: 'Yes, edit docs/api.md' });
    const approval = await flow.pending(pipelineRunId, 'merge');
    expect(approval.subject).toMatchObject({ files: 4, added: 41, removed: 4 });
    await flow.decide(approval);
    const ended = await flow.ended(pipelineRunId);
    expect(ended.status).toBe('succeeded');

    const reviews = await db.review.findMany({ where: { orgId }, orderBy: { id: 'asc' } });
    expect(reviews.map(({ verdict }) => verdict)).toEqual(['changes_requested', 'approve']);
    const { findings } = reviewRecord.parse(reviews[0]?.findings);
    expect(findings).toMatchObject([{ id: 'R1-F1', path: 'src/routes/users.js', severity: 'must' }]);

    const checks = await db.checkResult.findMany({ where: { orgId }, orderBy: { id: 'asc' } });
    const evidence = checks.map((row) => checkEvidence.parse(row.evidence));
    expect(evidence.map(({ tests }) => tests?.passed)).toEqual([7, 10, 16]);
    expect(evidence[1]?.newTests.filter(({ onBase }) => onBase === 'failed')).toHaveLength(2);
    expect(evidence[2]?.newTests).toHaveLength(9);
    const proveNothing = evidence[2]?.newTests.filter(({ onBase }) => onBase !== 'failed');
    expect(proveNothing).toMatchObject([{ name: 'pages do not overlap', onBase: 'passed' }]);
    expect(await remote.file('docs/api.md')).toContain('x-total-count');
    expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true });
    expect(flow.reported).toEqual([]);
  });
});
