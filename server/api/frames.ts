import superjson from 'superjson';
import type { TrackedEnvelope } from '@trpc/server';
import type { EventView } from '../domain/views/views.ts';

type Message = { event?: string; id?: string; data: string };

const encoder = new TextEncoder();

function text({ event, id, data }: Message): string {
  const [named, numbered] = [event === undefined ? '' : `event: ${event}\n`, id === undefined ? '' : `id: ${id}\n`];
  return `${named}data: ${data}\n${numbered}\n`;
}

/** One server-sent event. */
export const frame = (message: Message): Uint8Array => encoder.encode(text(message));

/** An item of a subscription as it is sent: what is bytes already stands as it is. */
export function bytesOf(item: unknown): Uint8Array {
  return item instanceof Uint8Array ? item : frame({ data: superjson.stringify(item) });
}

/** Whoever reads slowly holds up no more than this. */
const mostChars = 65_536;
const made = new WeakMap<readonly EventView[], readonly Uint8Array[]>();

/** Events of a log as they are sent, each with its number to go on from; made once for all who are given the same array. */
export function framesOf(events: readonly EventView[]): readonly Uint8Array[] {
  const there = made.get(events);
  if (there !== undefined) return there;
  const chunks: Uint8Array[] = [];
  let pending = '';
  for (const event of events) {
    pending += text({ id: String(event.seq), data: superjson.stringify(event) });
    if (pending.length < mostChars && event !== events.at(-1)) continue;
    chunks.push(encoder.encode(pending));
    pending = '';
  }
  made.set(events, chunks);
  return chunks;
}

/** What `framesOf` makes is, to tRPC's types and so to its clients, the events that are in it. */
export const asEvents = (frames: AsyncIterable<Uint8Array>) =>
  frames as AsyncIterable<unknown> as AsyncIterable<TrackedEnvelope<EventView>>;
