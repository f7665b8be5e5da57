import { fork } from 'node:child_process';
import { once } from 'node:events';
import { madeLog, makeKey } from '../../server/domain/audit/testing/made-log.ts';
import type { FigureRow } from '../figures.ts';

const few = 10_000;
const many = 1_000_000;
const sealedAtOnce = 1_000;
const streams = 50;

type Taken = { code: number; cpuSeconds: number; peakMb: number };

/** What the agents of fifty runs write, 600 bytes of payload an event. */
function* seals(events: number) {
  const payload = { source: 'platform', text: 'x'.repeat(560) };
  for (let n = 0; n < events / sealedAtOnce; n += 1) {
    yield [{ stream: `str_${n % streams}`, payloads: Array<unknown>(sealedAtOnce).fill(payload) }];
  }
}

/** The verifier in a process of its own, fed as from a file: nothing of the log lies anywhere. */
async function verified(events: number): Promise<Taken> {
  const child = fork(new URL('../ours/verify-child.ts', import.meta.url), {
    stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
  });
  const { stdin } = child;
  if (!stdin) throw new Error('The verifier has no standard input.');
  const answered = once(child, 'message');
  let batch: string[] = [];
  const send = async () => {
    if (!stdin.write(`${batch.join('\n')}\n`)) await once(stdin, 'drain');
    batch = [];
  };
  for (const line of madeLog({ key: makeKey(), seals: seals(events) })) {
    if (batch.push(JSON.stringify(line)) === 500) await send();
  }
  await send();
  stdin.end();
  const [taken] = (await answered) as [Taken];
  if (taken.code !== 0) throw new Error('The log that was made does not verify.');
  return taken;
}

export const verifyRow: FigureRow = {
  name: 'verify',
  work: `an exported log verified offline, ${few} and ${many} events of 600 bytes in ${streams} streams`,
  async measure() {
    const small = await verified(few);
    const large = await verified(many);
    const rate = (many - few) / (large.cpuSeconds - small.cpuSeconds);
    const growth = large.peakMb / small.peakMb;
    return {
      row: 'verify',
      seed: 0,
      figures: [
        {
          name: `${few} events`,
          value: `${small.cpuSeconds.toFixed(2)} s of CPU, ${small.peakMb.toFixed(0)} MB at most`,
        },
        {
          name: `${many} events`,
          value: `${large.cpuSeconds.toFixed(2)} s of CPU, ${large.peakMb.toFixed(0)} MB at most`,
        },
      ],
      targets: [
        {
          what: 'events a second and core',
          value: Math.round(rate),
          limit: 30_000,
          atLeast: true,
          met: rate >= 30_000,
        },
        { what: 'most memory, many against few', value: growth, limit: 1.5, met: growth <= 1.5 },
      ],
    };
  },
};
