import { beforeAll, expect, it } from 'vitest';
import { reinstateAgent, retireAgent } from '../../server/services/agents/retire-agent.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubleTest, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const files = [
  create('src/double.js', 'export const double = (n) => n * 2;\n'),
  create('test/double.test.js', doubleTest()),
];

it('an agent that is retired while it works is stopped, and its task goes on when a person lets it', async () => {
  const story = developer('any', [shell('sleep 600')], files, [handoff('done')]);
  const flow = await rig.flow([story, approves]);
  const { pipelineRunId } = await flow.task();
  const { db, orgId } = flow;
  const run = await flow.until(
    () => db.run.findFirst({ where: { orgId, status: 'running', toolCalls: 1 } }),
    'the developer to work',
  );
  const { agentId } = run;
  await retireAgent(flow.by(), { agentId });
  const retired = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: run.id } } });
  const asked = await flow.pending(pipelineRunId, 'escalation');
  expect(asked.subject).toMatchObject({ reason: 'not_allowed', retryStage: 'build' });
  const ended = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: run.id } } });
  expect(ended).toMatchObject({ status: 'failed', outcome: { reason: 'not_allowed' } });
  // The command would have gone on for ten minutes; it ends with the next heartbeat.
  expect(Number(ended.millisUsed - retired.millisUsed)).toBeLessThan(2_500);

  await flow.decide(asked);
  const nobody = await flow.until(async () => {
    const next = await flow.pending(pipelineRunId, 'escalation');
    return next.id === asked.id ? null : next;
  }, 'the next question');
  expect(nobody.subject).toMatchObject({
    detail: expect.stringContaining('No agent of the role “developer” is hired'),
  });
  expect(await db.run.count({ where: { orgId } })).toBe(1);

  await reinstateAgent(flow.by(), { agentId });
  await flow.decide(nobody);
  const again = { orgId, status: 'running' as const, toolCalls: 1 };
  await flow.until(() => db.run.findFirst({ where: again }), 'another run of the agent to work');
});
