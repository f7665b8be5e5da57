import { beforeAll, expect, it } from 'vitest';
import type { Call } from '../../server/adapters/model/scripted/story.ts';
import { blobsFor } from '../../server/db/blobs.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubleTest, handoff } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const call = (tool: string, input: Record<string, unknown> = {}): Call => ({ tool, input });
const site = `require('node:http').createServer((q, a) => {
  a.setHeader('content-type', 'text/html');
  a.end('<title>Doubler</title><button onclick="out.textContent = 2 * 21">Double</button><p id="out"></p>');
}).listen(4180, '127.0.0.1', () => console.log('up'));`;

it('a run looks at what it has made, and its log has the picture', async () => {
  const looks = developer(
    1,
    [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
    [call('job_start', { command: `node -e "$(cat <<'END'\n${site}\nEND\n)"`, wait_for: 'up' })],
    [call('browser_open', { url: 'http://localhost:4180/' })],
    [call('browser_click', { element: 1 })],
    [call('browser_screenshot')],
    [handoff('double() doubles a number.')],
  );
  const flow = await rig.flow([looks, approves]);
  const { pipelineRunId } = await flow.task();
  await flow.pending(pipelineRunId, 'merge');
  const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
  const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
  const done = events.flatMap(({ kind, payload }) => (kind === 'tool.finished' ? [payload] : []));
  const saw = (tool: string) => done.find((each) => each.tool === tool);
  expect(saw('browser_open')).toMatchObject({ outcome: 'ok', text: expect.stringContaining('"Doubler", status 200') });
  expect(saw('browser_click')).toMatchObject({ outcome: 'ok', text: expect.stringMatching(/^42$/m) });
  const [image] = saw('browser_screenshot')?.images ?? [];
  expect(image).toMatchObject({ mediaType: 'image/png', width: 1280, height: 800 });
  const bytes = await blobsFor(flow.db, flow.orgId).get(image!.blobId);
  expect(Buffer.from(bytes).subarray(1, 4).toString()).toBe('PNG');
});
