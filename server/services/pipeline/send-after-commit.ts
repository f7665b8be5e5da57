import type { Bus, BusEvent } from '../../../inngest/bus/events.ts';

/**
 * Sends what a committed transaction caused. The rows are the truth and the sweeper sends again within a minute, so an
 * engine that is away must not make a person's click look as if it had failed; the operator's log
 * says that it is.
 */
export async function sendAfterCommit(bus: Bus, events: BusEvent[]): Promise<void> {
  if (events.length === 0) return;
  await bus.send(events).catch((error: unknown) => bus.lost(error));
}
