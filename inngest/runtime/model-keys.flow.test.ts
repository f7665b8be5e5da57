import { beforeAll, expect, it } from 'vitest';
import { saveModelKey } from '../../server/services/settings/save-model-key.ts';
import { testSecretBoxes } from '../../server/testing/secret-boxes.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { keyGate, type KeyGate } from './testing/key-gate.ts';
import { approves, doubles } from './testing/stories.ts';
import { workerProcess } from './testing/worker-process.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const serverKey = 'sk-ant-of-the-server-0001';
const orgKey = 'sk-ant-of-the-org-0000002';

it('a key that is refused in the middle of a run stops it with what to do, and a saved one takes it to the merge', async () => {
  let gate: KeyGate | null = null;
  const flow = await rig.flow([{ ...doubles, round: 'any' }, approves], {
    idle: true,
    model: async (target) => (gate = await keyGate(target)),
  });
  const { asked, left, baseUrl } = gate as unknown as KeyGate;
  left[serverKey] = 2;
  left[orgKey] = 100;
  const environment = { ANTHROPIC_API_KEY: serverKey, ANTHROPIC_BASE_URL: baseUrl };
  const worker = await workerProcess({ ...rig, dataDir: flow.dataDir }, environment);
  await worker.says('registered');
  const { pipelineRunId } = await flow.task();
  const escalation = await flow.pending(pipelineRunId, 'escalation');
  expect(escalation.subject).toMatchObject({ detail: expect.stringMatching(/refuses the key.*Settings, Model/) });
  expect(asked.map(({ key }) => key)).toEqual([serverKey, serverKey, serverKey]);

  const secretBoxes = testSecretBoxes(rig.database);
  await saveModelKey({ ...flow.by(), secretBoxes, checkModelKey: async () => 'accepted' }, { key: orgKey });
  await flow.decide(escalation);
  await flow.decide(await flow.pending(pipelineRunId, 'merge'));
  expect(await flow.ended(pipelineRunId)).toMatchObject({ status: 'succeeded', change: { status: 'merged' } });
  const later = asked.slice(3);
  expect(new Set(later.map(({ key }) => key))).toEqual(new Set([orgKey]));

  const models = (await flow.row(pipelineRunId)).attempts.flatMap(({ run }) => (run ? [run.model] : []));
  expect(new Set(models).size).toBe(2);
  expect(new Set(later.map(({ model }) => model))).toEqual(new Set(models));
  expect(worker.output()).not.toContain(serverKey);
  expect(worker.output()).not.toContain(orgKey);
});
