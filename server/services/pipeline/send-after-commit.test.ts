import { expect, it } from 'vitest';
import { sendAfterCommit } from './send-after-commit.ts';

it('a message that was lost fails nobody’s click and is told to the operator', async () => {
  const lost: unknown[] = [];
  const away = new Error('the engine is away');
  const bus = { send: async () => Promise.reject(away), lost: (error: unknown) => void lost.push(error) };
  await sendAfterCommit(bus, [{ name: 'run/slice-requested', data: { orgId: 'o', runId: 'r' } }]);
  expect(lost).toEqual([away]);
});
