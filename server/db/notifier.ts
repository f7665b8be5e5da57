import { setTimeout as sleep } from 'node:timers/promises';
import type { PinnedPool } from './pinned-pool.ts';

export const eventsChannel = 'fleet_events';

/** Commits of a burst share one wake-up: a NOTIFY inside each would serialise them behind one lock of the server. */
const quietMs = 10;

/** Tells listeners in all processes which streams got events. What is lost by a crash, the listeners' own tick finds. */
export class Notifier {
  readonly #pool: PinnedPool;
  readonly #due = new Set<string>();
  #sending: Promise<void> | null = null;

  constructor(pool: PinnedPool) {
    this.#pool = pool;
  }

  /** Call after the commit. The first of a burst goes at once, the rest together after `quietMs`. */
  touched(orgId: string, streamId: string): void {
    this.#due.add(`${orgId}:${streamId}`);
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null;
    });
  }

  /** Resolves once everything that was touched has been told. */
  async flush(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#due.size > 0) {
      const payloads = [...this.#due];
      this.#due.clear();
      try {
        await this.#pool.tableless({
          name: 'notify',
          // A wake-up needs no place on disk.
          text: `select set_config('synchronous_commit', 'off', true), pg_notify('${eventsChannel}', payload)
            from unnest($1::text[]) as payload`,
          values: [payloads],
        });
      } catch {
        // The events are committed; a listener that reconnects reads on from its own cursor.
      }
      await sleep(quietMs);
    }
  }
}
