import { JobBoard } from '../../server/agent/job-board.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { sandboxBrowser } from '../../server/adapters/sandbox/browser/browser.ts';
import type { Browser } from '../../server/domain/ports/browser.ts';
import type { Clock } from '../../server/domain/ports/clock.ts';
import type { McpServers } from '../../server/domain/ports/mcp.ts';
import type { Sandbox } from '../../server/domain/ports/sandbox.ts';
import type { Web } from '../../server/domain/ports/web.ts';
import type { NetworkOutbox } from './network-outbox.ts';

/** How long a sandbox waits for the next slice of its run. */
const keptMs = 15_000;

/** `close` ends the sandbox and lets go of the work tree; more than once is fine. */
type Opened = {
  sandbox: Sandbox;
  network: NetworkOutbox;
  web: Web;
  servers: McpServers;
  close(): Promise<void>;
};

/** A run's sandbox with what runs in it. It outlives a slice, so that jobs and the shell's state do. */
export type Room = Opened & { jobs: JobBoard; browser: Browser };

type Entering = {
  runId: string;
  /** What the sandbox was opened for: one that was opened for anything else is closed. */
  like: string;
  open(): Promise<Opened>;
  /** Jobs that the run has started before. */
  before: number;
};

type Kept = { room: Room; like: string; waiting: AbortController };

export type Rooms = {
  /** The room the last slice left, or a new one. `fresh`: whatever ran before has ended. */
  enter(entering: Entering): Promise<{ room: Room; fresh: boolean }>;
  /** Keeps the room for the next slice. It is closed when that does not come soon. */
  keep(entering: Pick<Entering, 'runId' | 'like'>, room: Room): void;
  /** Closes what is kept for a run. */
  drop(runId: string): Promise<void>;
  /** The same for a run whose work tree is gone: there is no hold on it to let go of. */
  abandon(runId: string): Promise<void>;
  /** Closes a room that is not kept; more than once is fine. Without `letGo` the hold on the work tree stays. */
  close(runId: string, room: Room, letGo?: boolean): Promise<void>;
  /** Resolves when no room is being closed any more. A stop that does not wait for it leaves half-closed ones to the reaper. */
  settled(): Promise<void>;
  /** Hands what rooms that are closed by now saw, and is in no log, to `write`. It is kept until that has resolved. */
  leftBehind<T>(runId: string, write: (events: RunEvent[]) => Promise<T>): Promise<T>;
};

/** The rooms of one worker, all closed once `draining` is aborted. */
export function makeRooms({ clock, draining }: { clock: Clock; draining: AbortSignal }): Rooms {
  const rooms = new Map<string, Kept>();
  const left = new Map<string, RunEvent[]>();
  const { close, settled } = roomCloser(left);

  const take = (runId: string): Kept | null => {
    const kept = rooms.get(runId);
    rooms.delete(runId);
    kept?.waiting.abort();
    return kept ?? null;
  };
  const drop = async (runId: string) => {
    const room = take(runId)?.room;
    if (room) await close(runId, room);
  };
  draining.addEventListener('abort', () => void Promise.all([...rooms.keys()].map(drop)), { once: true });

  return {
    drop,
    async abandon(runId) {
      const room = take(runId)?.room;
      if (room) await close(runId, room, false);
    },
    close,
    settled,
    async leftBehind(runId, write) {
      const events = left.get(runId) ?? [];
      const answer = await write(events);
      const since = (left.get(runId) ?? []).slice(events.length);
      if (since.length > 0) left.set(runId, since);
      else left.delete(runId);
      return answer;
    },
    async enter({ runId, like, open, before }) {
      const kept = take(runId);
      if (kept?.like === like) return { room: kept.room, fresh: false };
      if (kept) await close(runId, kept.room);
      const opened = await open();
      const { sandbox } = opened;
      const room = { ...opened, jobs: new JobBoard({ sandbox, clock, before }), browser: sandboxBrowser(sandbox) };
      return { room, fresh: true };
    },
    keep({ runId, like }, room) {
      if (draining.aborted) return void close(runId, room);
      const waiting = new AbortController();
      rooms.set(runId, { room, like, waiting });
      void clock.sleep(keptMs, waiting.signal).then(
        () => drop(runId),
        () => {},
      );
    },
  };
}

/** Closes rooms, puts what they saw at last into `left`, and knows which are not closed to their end. */
function roomCloser(left: Map<string, RunEvent[]>): Pick<Rooms, 'close' | 'settled'> {
  const closing = new Set<Promise<void>>();
  const closeNow = async (runId: string, room: Room, letGo: boolean) => {
    // Before its way out: a server at an address is called through that.
    await (letGo ? room.close() : room.sandbox.dispose()).finally(() => room.servers.close());
    const events = await room.network.close();
    if (events.length > 0) left.set(runId, [...(left.get(runId) ?? []), ...events]);
  };
  return {
    close(runId, room, letGo = true) {
      const closed = closeNow(runId, room, letGo).finally(() => closing.delete(closed));
      closing.add(closed);
      return closed;
    },
    async settled() {
      while (closing.size > 0) await Promise.allSettled(closing);
    },
  };
}
