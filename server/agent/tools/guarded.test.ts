import { expect, it } from 'vitest';
import type { RestoredWork, ToolResult } from '../ports.ts';
import { guarded } from './guarded.ts';

const result: ToolResult = { outcome: 'ok', text: 'done', exitCode: 0, droppedBytes: 0, blobId: null };

const restored: RestoredWork = {
  callId: 'call_1',
  total: 1,
  files: [
    { path: 'ops/a', verdict: { verdict: 'deny', rule: 'task-scope', layer: 'task', reason: 'Not in its scope.' } },
  ],
};

const cut = () => {
  const controller = new AbortController();
  return { controller, call: { callId: 'call_1', signal: controller.signal } };
};

/** Finds something to put back, with `meanwhile` as it looks. */
const guardThat = (meanwhile: () => void) => ({
  async restore() {
    meanwhile();
    return restored;
  },
});

it('says with the result of a command what was put back', async () => {
  const { text, events } = await guarded({ guard: guardThat(() => undefined) }, cut().call, result);
  expect(text).toContain('ops/a (task-scope): Not in its scope.');
  expect(events).toEqual([{ kind: 'work.restored', payload: restored }]);
});

it('looks at nothing once the run is cut short: the end of its time waits for no look', async () => {
  const { controller, call } = cut();
  controller.abort();
  let looks = 0;
  expect(await guarded({ guard: guardThat(() => (looks += 1)) }, call, result)).toBe(result);
  expect(looks).toBe(0);
});

it('says of nothing that it was put back where the run was cut short meanwhile', async () => {
  const { controller, call } = cut();
  expect(await guarded({ guard: guardThat(() => controller.abort()) }, call, result)).toBe(result);
});
