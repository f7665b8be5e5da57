import { Inngest, eventType, staticSchema } from 'inngest';
import type { Logger } from 'inngest';
import type { BusEventName, BusEvents } from './events.ts';

export type BusClient = Inngest;

type BusKeys = {
  /** The embedded engine or a self-hosted server; null for Inngest Cloud. */
  baseUrl: string | null;
  eventKey: string;
  signingKey: string;
  /** The SDK's own; it speaks to the console when none is given. */
  logger?: Logger;
};

/** The one Inngest app of this project. Development mode, which skips signatures, stays off whatever the environment says. */
export function busClient({ baseUrl, eventKey, signingKey, logger }: BusKeys): BusClient {
  return new Inngest({
    id: 'fleet',
    isDev: false,
    checkpointing: false,
    aiMetadata: false,
    eventKey,
    signingKey,
    ...(baseUrl === null ? {} : { baseUrl }),
    ...(logger === undefined ? {} : { logger }),
  });
}

/** An event of ours as a function's trigger; types what the function is handed. */
export function on<N extends BusEventName>(name: N) {
  return eventType(name, { schema: staticSchema<BusEvents[N]>() });
}
