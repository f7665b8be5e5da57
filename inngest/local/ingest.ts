import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { Catalog } from './catalog.ts';
import { valueAt } from './dotted-path.ts';
import type { FunctionSpec } from './registration.ts';
import type { Batch, Cancellation, NewRun } from './store/accept-events.ts';

/** An event as functions get it. */
export type EngineEvent = { id: string; name: string; data: Record<string, unknown>; ts: number } & Record<
  string,
  unknown
>;
/** An event with what makes it the same event when it is sent again; null when nothing does. */
type KeyedEvent = { event: EngineEvent; key: string | null };

/** A body of POST /e/:key that is not a list of events. The message is for its sender. */
export class EventError extends Error {}

const eventSchema = z.looseObject({
  // The engine's own events (cron ticks) have this prefix; nobody else may send one.
  name: z
    .string()
    .min(1)
    .max(256)
    .regex(/^(?!inngest\/)[^\p{Cc}\p{Cs}]+$/u, 'is not an event name'),
  id: z.string().min(1).max(1024).nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  ts: z.number().int().nullish(),
});

type Reading = { seed: string | undefined; now: Date; newId: () => string };

/** Reads one event or a list. `seed` is the `x-inngest-event-id-seed` header: the same for every try of one send. */
export function parseEvents(body: unknown, { seed, now, newId }: Reading): KeyedEvent[] {
  const parsed = z.array(eventSchema).safeParse(Array.isArray(body) ? body : [body]);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new EventError(`Not an event: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const keyed = parsed.data.map(({ id, ...read }, index): KeyedEvent => {
    const identity = id == null ? seed && `seed ${seed} ${index}` : `id ${id}`;
    const event = { ...read, id: id ?? newId(), data: read.data ?? {}, ts: read.ts ?? now.getTime() };
    return { event, key: identity ? `event ${hash(identity)}` : null };
  });
  return keyed;
}

/** The runs that events start and the ones they end. An event sent twice in one list counts once. */
export function planBatch(events: readonly KeyedEvent[], catalog: Catalog, newId: () => string): Batch {
  const told = firstOfEach(events, ({ key }) => key);
  const runs = told.flatMap((keyed) =>
    catalog.triggeredBy(keyed.event.name).map((spec) => planRun(spec, keyed, newId)),
  );
  const cancellations = told.flatMap((keyed) =>
    catalog.cancelledBy(keyed.event.name).flatMap((spec) => planCancellations(spec, keyed)),
  );
  return { runs: firstOfEach(runs, (run) => run.runKey), cancellations };
}

/** One run of one function for one event. */
export function planRun(spec: FunctionSpec, { event, key }: KeyedEvent, newId: () => string): NewRun {
  const idempotent = spec.idempotency === null ? undefined : valueAt(event, spec.idempotency);
  return {
    id: newId(),
    callId: newId(),
    functionId: spec.id,
    event: JSON.stringify(event),
    slots: spec.concurrency.map((rule) => (rule.key === null ? '' : canonicalJson(valueAt(event, rule.key) ?? null))),
    cancelKeys: spec.cancel.map((rule, index) =>
      cancelKey(index, rule.match === null ? null : valueAt(event, rule.match.own)),
    ),
    eventKey: key,
    // An event that lacks the key's value is not the same as another that lacks it.
    runKey: idempotent == null ? null : `run ${spec.id} ${hash(canonicalJson(idempotent))}`,
  };
}

function planCancellations(spec: FunctionSpec, { event, key }: KeyedEvent): Cancellation[] {
  return spec.cancel.flatMap((rule, index) => {
    if (rule.event !== event.name) return [];
    const value = rule.match === null ? null : valueAt(event, rule.match.other);
    if (value === undefined) return [];
    return [{ functionId: spec.id, key: cancelKey(index, value), eventKey: key }];
  });
}

function cancelKey(rule: number, value: unknown): string {
  return `${rule} ${value === undefined ? 'nothing' : hash(canonicalJson(value))}`;
}

function firstOfEach<T>(items: readonly T[], keyOf: (item: T) => string | null): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    if (key === null) return true;
    return !seen.has(key) && seen.add(key).size > 0;
  });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
