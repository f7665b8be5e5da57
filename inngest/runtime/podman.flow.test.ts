import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paginationStory } from '../../server/adapters/model/scripted/pagination/story.ts';
import { dockerSandbox } from '../../server/adapters/sandbox/docker/docker.ts';
import { podmanEngine } from '../../server/adapters/sandbox/docker/testing/podman-engine.ts';
import { sampleTask } from '../../server/domain/tasks/sample-task.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { readFiles } from './testing/read-files.ts';

const { address, image, stop } = await podmanEngine();
afterAll(stop);
let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

describe('the sample task in containers', () => {
  it('is written, checked, reviewed and merged, with all that the agent changed', async () => {
    const files = await readFiles(path.resolve('samples/api'));
    const sandbox = dockerSandbox({ engine: address, image, installation: 'flow' });
    const flow = await rig.flow(paginationStory.parts, { files, sandbox });
    const { pipelineRunId } = await flow.task(sampleTask);
    await flow.decide(await flow.pending(pipelineRunId, 'question', 240_000), { answer: 'Yes, edit docs/api.md' });
    const approval = await flow.pending(pipelineRunId, 'merge', 480_000);
    expect(approval.subject).toMatchObject({ files: 4, added: 41, removed: 4 });
    await flow.decide(approval);
    const ended = await flow.until(
      async () => {
        const row = await flow.row(pipelineRunId);
        return row.endedAt ? row : null;
      },
      'the pipeline run to end',
      240_000,
    );
    expect(ended.status).toBe('succeeded');
    expect(await flow.remote.file('docs/api.md')).toContain('x-total-count');
    expect(flow.reported).toEqual([]);
    expect(await sandbox.reap()).toEqual({ sandboxes: 0, processes: 0 });
  }, 900_000);
});
