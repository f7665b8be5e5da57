import { setTimeout as sleep } from 'node:timers/promises';
import { appendRunEvents, type StreamHead } from '../../server/db/append-event.ts';
import { openDatabase } from '../../server/db/connect.ts';
import { makeRunWithAll } from '../../server/testing/factories.ts';
import type { Place } from '../database.ts';
import type { Closing, Contestant } from '../harness.ts';
import { names } from '../names.ts';

const writers = 16;
const smallText = 'x'.repeat(560);
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
  const quiet = await openWriter();
  let peak = 0;
  const atPeak = async (operations: number) => {
    const [each = Number.NaN] = await together(many, 560)(operations);
    peak = 1_000 / each;
    return [each];
  };
  const besideBusy = async (operations: number) => {
    const busy = evenly(many, { aSecond: quietly * 10, operations: (operations / 4) * 10 });
    const samples = await evenly([quiet], { aSecond: quietly, operations: operations / 4 });
    await busy;
    return samples;
  };
  return [
    { name: names.appendSmall, block: alone(one, 560) },
    { name: names.appendLarge, block: alone(one, 2_150) },
    { name: names.appendMany, block: atPeak },
    { name: names.appendHalf, block: (operations) => evenly(many, { aSecond: peak / 2, operations }) },
    {
      name: names.appendQuiet,
      block: (operations) => evenly([quiet], { aSecond: quietly, operations: operations / 4 }),
    },
    { name: names.appendBeside, block: besideBusy },
  ];
}

/** Events a second of the tenant whose times are looked at; its neighbour writes ten times as many. */
const quietly = 20;

/**
 * At an even pace, whether the one before has ended or not; a sample is the time from when an event was due, so that
 * what has to wait for others counts.
 */
async function evenly(
  all: Writer[],
  { aSecond, operations }: { aSecond: number; operations: number },
): Promise<number[]> {
  const samples: number[] = [];
  const began = performance.now();
  const every = (all.length * 1_000) / aSecond;
  await Promise.all(
    all.map(async (write, index) => {
      for (let n = 0; n < operations / all.length; n += 1) {
        const due = began + n * every + (index * every) / all.length;
        const wait = due - performance.now();
        if (wait > 0) await sleep(wait);
        await write(smallText);
        samples.push(performance.now() - due);
      }
    }),
  );
  return samples;
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
