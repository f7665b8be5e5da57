import { appendRunEvents, type StreamHead } from '../../server/db/append-event.ts';
import { openDatabase } from '../../server/db/connect.ts';
import { makeRunWithAll } from '../../server/testing/factories.ts';
import type { Place } from '../database.ts';
import type { Closing, Contestant } from '../harness.ts';
import { names } from '../names.ts';

const writers = 16;
const actor = { type: 'system' as const, reason: 'bench' };

type Writer = (text: string) => Promise<void>;

/** Events of a run as its worker writes them: one statement, fenced by the lease, chained, waited for. */
export async function open({ appUrl }: Place, closing: Closing): Promise<Contestant[]> {
  const database = openDatabase({ appUrl, max: writers });
  closing(() => database.close());
  const openWriter = async (): Promise<Writer> => {
    const { runId, org } = await makeRunWithAll(database);
    const { orgId, db } = org;
    let head: StreamHead | undefined;
    return async (text) => {
      const events = [{ kind: 'message.added' as const, payload: { source: 'platform' as const, text } }];
      const append = { orgId, runId, generation: 0, actor, at: new Date(), events, head };
      ({ head } = await appendRunEvents(db, append));
    };
  };
  const one = await openWriter();
  const many = await Promise.all(Array.from({ length: writers }, openWriter));
  return [
    { name: names.appendSmall, block: alone(one, 560) },
    { name: names.appendLarge, block: alone(one, 2_150) },
    { name: names.appendMany, block: together(many, 560) },
  ];
}

function alone(write: Writer, bytes: number): Contestant['block'] {
  const text = 'x'.repeat(bytes);
  return async (operations) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) {
      const began = performance.now();
      await write(text);
      samples.push(performance.now() - began);
    }
    return samples;
  };
}

/** All at once; a sample is what one event costs of the whole time. */
export function together(all: Writer[], bytes: number): Contestant['block'] {
  const text = 'x'.repeat(bytes);
  return async (operations) => {
    const each = Math.ceil(operations / all.length);
    const began = performance.now();
    await Promise.all(
      all.map(async (write) => {
        for (let n = 0; n < each; n += 1) await write(text);
      }),
    );
    return [(performance.now() - began) / (each * all.length)];
  };
}
