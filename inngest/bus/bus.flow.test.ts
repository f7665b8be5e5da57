import { expect, test } from 'vitest';
import { rig } from '../local/testing/fixture.ts';
import { bus } from './bus.ts';
import { on } from './client.ts';

test('what goes into the bus comes out at the function that waits for it', async () => {
  const { client, rows } = await rig((app) => [
    app.createFunction({ id: 'slice', triggers: [on('run/slice-requested')] }, ({ event }) => {
      const { orgId, runId }: { orgId: string; runId: string } = event.data;
      return `${orgId} ${runId}`;
    }),
  ]);
  const lost = (error: unknown) => expect(error).toBeNull();
  await bus(client, lost).send([]);
  await bus(client, lost).send([{ name: 'run/slice-requested', data: { orgId: 'o', runId: 'r' }, id: 'once' }]);
  await bus(client, lost).send([{ name: 'run/slice-requested', data: { orgId: 'o', runId: 'r' }, id: 'once' }]);
  expect(await rows.ended('slice')).toMatchObject([{ status: 'completed', output: 'o r' }]);
});
