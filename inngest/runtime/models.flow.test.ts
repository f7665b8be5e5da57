import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { askProvider } from '../../server/adapters/model-key/ask-provider.ts';
import { paginationStory } from '../../server/adapters/model/scripted/pagination/story.ts';
import type { Part } from '../../server/adapters/model/scripted/story.ts';
import { httpDouble, type Answer, type HttpDouble } from '../../server/adapters/model/testing/http-double.ts';
import { readListPrices } from '../../server/db/list-prices.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import { anthropicId } from '../../server/domain/models/model-settings.ts';
import { sampleTask } from '../../server/domain/tasks/sample-task.ts';
import { chooseModels } from '../../server/services/settings/choose-models.ts';
import { testSecretBoxes } from '../../server/testing/secret-boxes.ts';
import { removeModel, saveModel } from '../../server/services/settings/save-model.ts';
import { saveModelConnection } from '../../server/services/settings/save-model-connection.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { modelsOf } from './models.ts';
import { readFiles } from './testing/read-files.ts';
import { approves, create, developer, doubles, handoff } from './testing/stories.ts';

const keyOfServer = 'sk-server-0123456789';
let rig: FlowRig;
let overloaded: HttpDouble;
beforeAll(async () => {
  rig = await flowRig();
  overloaded = await httpDouble();
  return () => overloaded.stop();
});

/** An org whose backends are opened as the worker opens them, with the scripted model behind one connection. */
async function connected(
  parts: Part[],
  { anthropic = false, files }: { anthropic?: boolean; files?: Record<string, string> },
) {
  const models = (scriptedUrl: string) =>
    modelsOf({
      database: rig.database,
      secretBoxes: testSecretBoxes(rig.database),
      anthropicApiKey: anthropic ? keyOfServer : null,
      anthropicBaseUrl: overloaded.baseUrl,
      scriptedUrl,
    });
  const flow = await rig.flow(parts, { models, ...(files ? { files } : {}) });
  const deps = { ...flow.by(), offer: { environmentKey: anthropic, listPrices: await readListPrices(rig.database) } };
  const asked = {
    name: 'Rack',
    protocol: 'chat-completions' as const,
    baseUrl: `${flow.modelUrl}/v1`,
    key: 'sk-rack-9876',
  };
  const provider = { secretBoxes: testSecretBoxes(rig.database), askProvider: askProvider(), operator: true };
  const { connectionId } = await saveModelConnection({ ...deps, ...provider }, asked);
  return { flow, deps, connectionId };
}

async function runEvents({ db, orgId }: Flow, runId: string) {
  return readAllEvents(db, { orgId, kind: 'run', subject: runId });
}

const honest: Part[] = [doubles, approves];
const busy: Answer = (response) => {
  response.writeHead(529, { 'content-type': 'application/json', 'retry-after': '0' });
  response.end(JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }));
};

describe('a connected provider', () => {
  it('answers the sample task from end to end over chat completions, at its own price', async () => {
    const files = await readFiles(path.resolve('samples/api'));
    const { flow, deps, connectionId } = await connected(paginationStory.parts, { files });
    const { db, orgId } = flow;
    await chooseModels(deps, { use: 'default', ref: { connectionId, model: 'gpt-6.1-sol' } });
    const { pipelineRunId } = await flow.task(sampleTask, false);
    await flow.decide(await flow.pending(pipelineRunId, 'question'), { answer: 'Yes, edit docs/api.md' });
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
    const runs = await db.run.findMany({ where: { orgId } });
    expect(runs).toHaveLength(4);
    for (const run of runs) {
      expect(run).toMatchObject({ model: 'gpt-6.1-sol', connectionId, scripted: false });
      expect(Number(run.costMicros)).toBeGreaterThan(0);
    }
    expect(flow.reported).toEqual([]);
    expect(JSON.stringify(await runEvents(flow, runs[0]!.id))).not.toContain('sk-rack');
  });

  it('takes a run over whose own model is overloaded, and its log says so', async () => {
    const { flow, deps, connectionId } = await connected(honest, { anthropic: true });
    await chooseModels(deps, { use: 'fallback', ref: { connectionId, model: 'gpt-6-luna' } });
    overloaded.next(...Array.from({ length: 20 }, () => busy));
    const { pipelineRunId } = await flow.task();
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
    const [run] = await flow.db.run.findMany({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    const events = await runEvents(flow, run!.id);
    const switched = events.filter(({ kind }) => kind === 'model.switched');
    expect(switched.map(({ payload }) => payload)).toMatchObject([
      { from: 'claude-sonnet-5-5', to: 'gpt-6-luna', fault: 'overloaded', failures: 3 },
    ]);
    expect(overloaded.seen[0]!.headers.authorization).toContain(keyOfServer);
  });
});

describe('a model without a price', () => {
  const fable = { connectionId: anthropicId, model: 'claude-fable-5-2' };
  const priced = {
    ...fable,
    ...{ contextTokens: 1_000_000, maxOutputTokens: 128_000, images: true, thinking: true },
    prices: { input: 10_000_000, output: 50_000_000, cacheRead: 1_000_000, cacheWrite: 12_500_000 },
  };

  it('is refused with what to set: when it is chosen, when a task is filed, when its run would start', async () => {
    const { flow, deps } = await connected([developer(1, [create('src/x.js', 'x')], [handoff('x')])], {
      anthropic: true,
    });
    const why = /No price is known for the model claude-fable-5-2.*Set its price under Settings, Model/;
    const choosing = () => chooseModels(deps, { use: 'role', role: 'developer', ref: fable });
    await expect(choosing()).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(why) });
    await saveModel(deps, priced);
    await choosing();
    const { pipelineRunId } = await flow.task();
    await removeModel(deps, fable);
    await expect(flow.task()).rejects.toMatchObject({ message: expect.stringMatching(why) });
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(escalation.subject).toMatchObject({ detail: expect.stringMatching(why) });
    // Refused before anything was opened: no run was claimed, or the one that was has no log of a start.
    const runs = await flow.db.run.findMany({ where: { orgId: flow.orgId } });
    for (const run of runs) {
      expect((await runEvents(flow, run.id)).map(({ kind }) => kind)).not.toContain('run.started');
      expect(run.outcome).toMatchObject({ reason: 'model_unavailable' });
    }
  });
});
