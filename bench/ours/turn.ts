import { driveSlice } from '../../inngest/runtime/drive-slice.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import type { ModelPort } from '../../server/domain/ports/model.ts';
import type { SandboxPort } from '../../server/domain/ports/sandbox.ts';
import type { Place } from '../database.ts';
import { openBenchFleet, type BenchFleet, type QueuedRun } from '../fleet.ts';
import { readings, type Closing, type Contestant } from '../harness.ts';
import { names } from '../names.ts';
import { readyModel } from '../scripted-turns.ts';

/** Milliseconds of one turn, from one model call to the next. */
type TurnTime = { wall: number; model: number; child: number };

type Meter = { turns: TurnTime[]; startedAt: number | null; model: number; child: number };

const newMeter = (): Meter => ({ turns: [], startedAt: null, model: 0, child: 0 });

/** Whole runs of as many turns as a run may have, one slice each, driven as the worker drives them. */
export async function open(place: Place, closing: Closing): Promise<Contestant[]> {
  let meter = newMeter();
  const fleet = await openBenchFleet({
    place,
    closing,
    model: () => meteredModel(meter),
    sandboxes: (real) => meteredSandbox(real, () => meter),
  });
  const drive = async (turns: number) => {
    meter = newMeter();
    const queued = await fleet.queueRun();
    await driveSlice(fleet.worker, { ...queued, lastTry: true });
    await assertDriven(fleet, queued, turns);
    return meter.turns;
  };
  return readings(drive, {
    [names.turn]: ({ wall, model, child }) => wall - model - child,
    [names.wholeTurn]: ({ wall }) => wall,
  });
}

/** Its calls are the borders between turns. */
function meteredModel(meter: Meter): ModelPort {
  const model = readyModel();
  return {
    async complete(request, options) {
      const at = performance.now();
      if (meter.startedAt !== null) {
        meter.turns.push({ wall: at - meter.startedAt, model: meter.model, child: meter.child });
      }
      Object.assign(meter, { startedAt: at, model: 0, child: 0 });
      const answer = await model.complete(request, options);
      meter.model += performance.now() - at;
      return answer;
    },
  };
}

function meteredSandbox(real: SandboxPort, meter: () => Meter): SandboxPort {
  return {
    ...real,
    async open(spec) {
      const sandbox = await real.open(spec);
      return {
        ...sandbox,
        async exec(request) {
          const at = performance.now();
          try {
            return await sandbox.exec(request);
          } finally {
            meter().child += performance.now() - at;
          }
        },
      };
    },
  };
}

/** A run that broke off early would look fast. */
async function assertDriven({ worker }: BenchFleet, { orgId, runId }: QueuedRun, turns: number): Promise<void> {
  const events = await readAllEvents(worker.database.org(orgId), { orgId, kind: 'run', subject: runId });
  const went = events.filter((event) => event.kind === 'tool.finished' && event.payload.exitCode === 0).length;
  if (went !== turns) throw new Error(`The run made ${went} calls that went well, not ${turns}.`);
}
