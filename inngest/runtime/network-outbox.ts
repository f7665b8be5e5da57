import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { NetworkPolicy } from '../../server/domain/network/network-policy.ts';
import type { NetworkRequest } from '../../server/domain/network/network-request.ts';
import type { NetworkCredential, SandboxEgress } from '../../server/domain/ports/sandbox.ts';

type Write = (events: RunEvent[]) => Promise<void>;
type Judge = NonNullable<SandboxEgress['judge']>;

/**
 * Requests of a sandbox on their way to a log, and nothing leaves before it is there. A log has one writer, who
 * comes and goes with the run's slices: between two of them requests wait. While one write is in the air the next batch
 * gathers, so a busy sandbox costs no more commits than the database can make.
 */
export type NetworkOutbox = {
  /** Null where the role names nothing to reach: then there is no network at all. */
  egress: SandboxEgress | null;
  /** The same, with all refused where nothing is named: for what is asked for from outside the sandbox. */
  outlet: SandboxEgress;
  /** From now on requests are judged by `judge` and written by `write`, one call at a time; those that wait come first. */
  open(write: Write, judge?: Judge): void;
  /** Writes what waits. Throws what the writing threw: those requests are refused, and are written with the next. */
  flush(): Promise<void>;
  /** The writer leaves. Resolves when it has nothing in the air. */
  pause(): Promise<void>;
  /** For good: what waits is refused. Resolves with what is not in the log, for whoever writes to it next. */
  close(): Promise<RunEvent[]>;
};

type Waiting = { request: NetworkRequest; written(): void; refused(error: unknown): void };

const mostWaiting = 10_000;
const mostAtOnce = 100;

/** `judged`: an agent's, so that the layers of policy are asked too. Between two slices that waits, like the writing. */
export function networkOutbox(
  policy: NetworkPolicy,
  credentials: NetworkCredential[] = [],
  judged = false,
): NetworkOutbox {
  const isClosed = policy.rules.length === 0 && policy.registries.length === 0;
  const queue = requestQueue();
  let write: Write | null = null;
  let writing: Promise<void> | null = null;
  let over = false;
  const judges = judgeInTurn();

  const isIdle = () => write === null || queue.size() === 0;
  const writeAll = async () => {
    try {
      while (write !== null && queue.size() > 0) await writeBatch(write, queue.take());
    } finally {
      // In the same breath as the last look at the queue: what comes later begins a write of its own.
      writing = null;
    }
  };
  const flush = async () => {
    if (writing === null && isIdle()) return;
    await (writing ??= writeAll());
  };
  const record = (request: NetworkRequest) => {
    if (over) return Promise.reject(new Error('the sandbox is closed'));
    const written = queue.add(request);
    // Whoever waits for one of them hears of it.
    flush().catch(() => undefined);
    return written;
  };
  const pause = async () => {
    write = null;
    await writing?.catch(() => undefined);
  };
  const outlet: SandboxEgress = { policy, credentials, record, ...(judged ? { judge: judges.ask } : {}) };
  return {
    egress: isClosed ? null : outlet,
    outlet,
    open(next, judge) {
      write = next;
      if (judge) judges.open(judge);
      flush().catch(() => undefined);
    },
    flush,
    async pause() {
      judges.pause();
      await pause();
    },
    async close() {
      over = true;
      judges.close();
      await pause();
      return queue.refuseAll(new Error('the sandbox is closed'));
    },
  };
}

/** Whoever judges comes and goes with the slices; who asks meanwhile waits for the next, or for the end. */
function judgeInTurn() {
  let next = Promise.withResolvers<Judge>();
  next.promise.catch(() => undefined);
  let isOpen = false;
  return {
    ask: async (asks: Parameters<Judge>[0]) => (await next.promise)(asks),
    open(judge: Judge) {
      if (isOpen) next = Promise.withResolvers<Judge>();
      isOpen = true;
      next.resolve(judge);
    },
    pause() {
      if (isOpen) next = Promise.withResolvers<Judge>();
      next.promise.catch(() => undefined);
      isOpen = false;
    },
    close: () => next.reject(new Error('the sandbox is closed')),
  };
}

async function writeBatch(write: Write, batch: Batch): Promise<void> {
  try {
    await write(batch.events);
  } catch (error) {
    batch.refuse(error);
    throw error;
  }
  batch.done();
}

type Batch = ReturnType<ReturnType<typeof requestQueue>['take']>;

const nobody = { written: () => undefined, refused: () => undefined };

function requestQueue() {
  let waiting: Waiting[] = [];
  /** Refused because there were too many to keep; told as one. */
  let uncounted = 0;

  const refuse = (batch: Waiting[], error: unknown) => {
    const gone = [...batch, ...waiting];
    waiting = gone.slice(0, mostWaiting).map(({ request }) => ({ request: asRefused(request), ...nobody }));
    uncounted += gone.length - waiting.length;
    for (const { refused } of gone) refused(error);
  };
  const take = (most: number) => {
    const batch = waiting.splice(0, most);
    const among = waiting.length === 0 ? uncounted : 0;
    uncounted -= among;
    const requests = [...batch.map(({ request }) => request), ...(among > 0 ? [manyMore(among)] : [])];
    return { batch, among, events: requests.map((payload): RunEvent => ({ kind: 'network.requested', payload })) };
  };
  return {
    size: () => waiting.length,
    add: (request: NetworkRequest) =>
      new Promise<void>((written, refused) => {
        if (waiting.length < mostWaiting) return void waiting.push({ request, written, refused });
        uncounted += 1;
        refused(new Error('too many requests wait for the log'));
      }),
    take() {
      const { batch, among, events } = take(mostAtOnce);
      return {
        events,
        done: () => batch.forEach(({ written }) => written()),
        /** Everybody who waits is refused, not only these: the log cannot be written. */
        refuse(error: unknown) {
          uncounted += among;
          refuse(batch, error);
        },
      };
    },
    refuseAll(error: unknown): RunEvent[] {
      refuse([], error);
      return take(Infinity).events;
    },
  };
}

function asRefused(request: NetworkRequest): NetworkRequest {
  if (!request.allowed) return request;
  const rule = 'it could not be written to the log';
  return { ...request, allowed: false, rule, refusal: 'unrecorded', address: null, injected: [] };
}

function manyMore(count: number): NetworkRequest {
  const rule = `${count} more requests were refused while the log could not be written`;
  return {
    ...{ method: '', host: '', port: 0, path: null, allowed: false, rule, refusal: 'unrecorded' },
    ...{ address: null, injected: [] },
  };
}
