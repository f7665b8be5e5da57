import { beforeAll, describe, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { claimPaths } from '../../server/services/runs/claim-paths.ts';
import { makePipelineRun, makeStarters, makeTask } from '../../server/testing/factories.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

/** Another task of the repository that works on these paths. */
async function heldByAnother({ org, orgId, db }: Flow, paths: string[]) {
  const { id: repoId } = await db.repo.findFirstOrThrow({ where: { orgId } });
  const { pipelineVersionId } = await makeStarters(rig.database, org);
  const { taskId } = await makeTask(org, { repoId });
  const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId });
  const answer = await claimPaths(rig, { orgId, repoId, pipelineRunId, now: new Date(), paths });
  expect(answer.kind).toBe('held');
  return (await db.task.findUniqueOrThrow({ where: { orgId_id: { orgId, id: taskId } } })).number;
}

describe('paths that another task has reserved', () => {
  it('are refused to claims, to file tools and to the commit, with who holds them; the rest goes on', async () => {
    const claim = (...paths: string[]) => ({ tool: 'claim_paths', input: { paths } });
    const works = developer(
      1,
      [claim('src/**')],
      [claim('docs')],
      [create('src/api/x.js', 'export const x = 1;\n')],
      [shell('mkdir -p src/api && echo "export const y = 1;" > src/api/y.js')],
      [create('docs/x.md', 'x\n')],
      [handoff('Documented x.')],
    );
    const flow = await rig.flow([works, approves], { idle: true });
    const number = await heldByAnother(flow, ['src/api']);
    await flow.start();
    const { pipelineRunId } = await flow.task();
    const run = await flow.until(async () => {
      const build = (await flow.row(pipelineRunId)).attempts.find(({ stage }) => stage === 'build');
      return build?.run?.status === 'succeeded' ? build.run : null;
    }, 'the developer to hand over');
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
    const results = events.flatMap(({ kind, payload }) =>
      kind === 'tool.finished' ? [payload as { tool: string; outcome: string; text: string }] : [],
    );
    const holder = expect.stringContaining(`by task ${number} until `);
    expect(results.slice(0, 3)).toMatchObject([
      { tool: 'claim_paths', outcome: 'error', text: holder },
      { tool: 'claim_paths', outcome: 'ok', text: expect.stringContaining('`docs/**`') },
      { tool: 'create', outcome: 'denied', text: holder },
    ]);
    const commit = events.find(({ kind }) => kind === 'commit.recorded');
    expect(commit?.payload).toMatchObject({ files: 1, leftOut: [] });
    const restored = events.find(({ kind }) => kind === 'work.restored');
    expect(restored?.payload).toMatchObject({ files: [{ path: 'src/api/y.js' }], total: 1 });
  });
});
