import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Place } from '../database.ts';
import { names } from '../names.ts';
import type { Closing, Contestant } from '../harness.ts';

/** DBOS doing what a turn needs at least: one durable workflow of `operations` turns, two durable steps each. */
export async function open({ peerUrl }: Place, closing: Closing): Promise<Contestant[]> {
  DBOS.setConfig({ name: 'fleet-bench', systemDatabaseUrl: peerUrl, logLevel: 'error' });
  const turns = DBOS.registerWorkflow(
    async (operations: number) => {
      const samples: number[] = [];
      for (let turn = 0; turn < operations; turn += 1) {
        const started = performance.now();
        await DBOS.runStep(async () => ({ turn, reply: 'x'.repeat(600) }), { name: 'model' });
        await DBOS.runStep(async () => ({ turn, output: 'x'.repeat(200) }), { name: 'tool' });
        samples.push(performance.now() - started);
      }
      return samples;
    },
    { name: 'turns' },
  );
  await DBOS.launch();
  closing(() => DBOS.shutdown());
  const block = async (operations: number) => (await DBOS.startWorkflow(turns)(operations)).getResult();
  return [{ name: names.dbos, block }];
}
