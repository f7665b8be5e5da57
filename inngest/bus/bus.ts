import type { BusClient } from './client.ts';
import type { Bus } from './events.ts';

/** Sends over HTTP; rejects when the engine or server did not take the events after the SDK's five tries. `lost` is the operator's log. */
export function bus(client: BusClient, lost: Bus['lost']): Bus {
  return {
    lost,
    async send(events) {
      if (events.length > 0) await client.send(events);
    },
  };
}
