import { beforeAll, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { handoffRecord } from '../../server/domain/runs/handoff-record.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubleTest, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const claiming = (evidence: string) => handoff('done', { claims: [{ statement: 'All tests pass', evidence }] });

it('a hand-off whose claim points to no call is refused; one that does is taken, with the call it points to', async () => {
  const flow = await rig.flow([
    developer(
      1,
      [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
      [shell('npm test')],
      [claiming('I read the code')],
      [claiming('npm test')],
    ),
    approves,
  ]);
  const { pipelineRunId } = await flow.task();
  await flow.pending(pipelineRunId, 'merge');
  const { db, orgId } = flow;
  const [handed, ...others] = await db.handoff.findMany({ where: { orgId } });
  expect(others).toEqual([]);
  const events = await readAllEvents(db, { orgId, kind: 'run', subject: handed!.runId });
  const calls = events.flatMap(({ kind, payload }) => (kind === 'tool.finished' ? [payload] : []));
  expect(calls.filter(({ tool }) => tool === 'handoff').map(({ outcome, text }) => [outcome, text])).toEqual([
    ['error', expect.stringContaining('“All tests pass” (I read the code)')],
    ['ok', expect.anything()],
  ]);
  const tested = calls.find(({ tool }) => tool === 'shell');
  expect(handoffRecord.parse(handed!.body).proofs).toEqual([
    { statement: 'All tests pass', evidence: 'npm test', callId: tested?.callId, tool: 'shell', ended: 'ok' },
  ]);
});
