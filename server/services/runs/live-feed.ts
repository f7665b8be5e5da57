import type { Database } from '../../db/connect.ts';
import type { Listener } from '../../db/listen.ts';
import { readEvents } from '../../db/read-events.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { EventView } from '../../domain/views/views.ts';
import { eventView } from '../views/event-view.ts';
import { atMostEvery } from './at-most-every.ts';
import { tailEvents, type Tail } from './tail-events.ts';
import { makeWake } from './wake.ts';

type Followed = { orgId: string; streamId: string; afterSeq: number; signal: AbortSignal };

/** The live side of the log for one process: one tail per stream however many look, wake-ups of an org, token deltas. */
export type LiveFeed = {
  /**
   * Events after `afterSeq` in order, some at a time; throws the signal's reason when it aborts. Followers that are equally
   * far get the same array.
   */
  follow(request: Followed): AsyncGenerator<readonly EventView[]>;
  /** One item at once and one each time, at most every 250 ms, that streams of the org got events. */
  changes(request: { orgId: string; signal: AbortSignal }): AsyncGenerator<{ at: string }>;
  /** Text of the turn that is being written. Ephemeral: what was missed comes with the finished message. */
  deltas(request: { runId: string; signal: AbortSignal }): AsyncGenerator<{ turn: number; text: string }>;
};

const coalesceMs = 250;
/** Events of a burst are read and sent on together: everybody who looks costs a write each time, so that many wait longer. */
const gatherMs = (users: number) => Math.min(100, 20 + users / 2);

type Deps = {
  database: Database; /** Asked for when the first stream opens. */
  listener: () => Listener;
  clock: Clock;
};

export function liveFeed(deps: Deps): LiveFeed {
  return {
    follow: sharedTails(deps),
    changes: (request) => orgChanges(deps, request),
    deltas: (request) => runDeltas(deps, request),
  };
}

function sharedTails({ database, listener, clock }: Deps): LiveFeed['follow'] {
  const tails = new Map<string, { tail: Tail<EventView>; users: number; stop: () => void }>();

  const join = ({ orgId, streamId }: Followed) => {
    const there = tails.get(streamId);
    if (there !== undefined) return there;
    const db = database.org(orgId);
    const tail = tailEvents(async (afterSeq, limit) => {
      const rows = await readEvents(db, { orgId, streamId, afterSeq, limit });
      return rows.map((row) => eventView(streamId, row));
    });
    const made = { tail, users: 0, stop: () => {} };
    const wake = atMostEvery(() => gatherMs(made.users), clock, tail.wake);
    made.stop = listener().onStream(streamId, wake);
    tails.set(streamId, made);
    return made;
  };

  return async function* follow(request) {
    const joined = join(request);
    joined.users += 1;
    try {
      yield* joined.tail.follow(request.afterSeq, request.signal);
    } finally {
      joined.users -= 1;
      if (joined.users === 0) {
        joined.stop();
        tails.delete(request.streamId);
      }
    }
  };
}

async function* orgChanges({ listener, clock }: Deps, { orgId, signal }: { orgId: string; signal: AbortSignal }) {
  const wake = makeWake();
  const stop = listener().onOrg(orgId, wake.bump);
  try {
    for (;;) {
      const seen = wake.version;
      yield { at: clock.now().toISOString() };
      await clock.sleep(coalesceMs, signal);
      await wake.changedSince(seen, signal);
    }
  } finally {
    stop();
  }
}

async function* runDeltas({ listener }: Deps, { runId, signal }: { runId: string; signal: AbortSignal }) {
  const wake = makeWake();
  let queue: { turn: number; text: string }[] = [];
  const stop = listener().onLive(runId, ({ turn, text }) => {
    const last = queue.at(-1);
    if (last?.turn === turn) last.text += text;
    else queue = [...queue, { turn, text }].slice(-2);
    wake.bump();
  });
  try {
    for (;;) {
      const seen = wake.version;
      const pending = queue;
      queue = [];
      yield* pending;
      await wake.changedSince(seen, signal);
    }
  } finally {
    stop();
  }
}
