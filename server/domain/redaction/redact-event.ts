import type { RunEvent } from '../events/run-events.ts';
import { makeRedactor } from './redactor.ts';
import type { OwnValue, Redactor } from './redactor.ts';

/** What comes into a run, with the secrets taken out of it: one for its model, its log and its live page alike. */
export type RunRedactor = Redactor & {
  /** The event as model and log see it. The same for one that was redacted already. */
  event(event: RunEvent): RunEvent;
};

/** What lies deeper is cut where events are written. */
const maxDepth = 500;

/** Every string in a value, keys aside, put through `change`. */
export function mapStrings(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change, depth + 1)]));
}

type Reply = Extract<RunEvent, { kind: 'model.replied' }>;

/**
 * What an agent writes to be done (a call's input) loses the org's own values only: it has seen no secret, so what looks like
 * one is its own, such as a test's, and must reach the file that it is for. Thinking is left as it is: its provider signed it.
 */
export function runRedactor(values: readonly OwnValue[]): RunRedactor {
  const all = makeRedactor(values);
  const own = makeRedactor(values, []);
  const done = new WeakSet<RunEvent>();
  const block = (one: Reply['payload']['content'][number]) => {
    if (one.type === 'text') return { ...one, text: all.redact(one.text) };
    return one.type === 'tool_use' ? { ...one, input: mapStrings(one.input, own.redact) } : one;
  };
  const redacted = (event: RunEvent): RunEvent => {
    if (event.kind === 'model.replied') {
      return { ...event, payload: { ...event.payload, content: event.payload.content.map(block) } };
    }
    const redact = event.kind === 'tool.intended' ? own.redact : all.redact;
    return { ...event, payload: mapStrings(event.payload, redact) } as RunEvent;
  };
  return {
    ...all,
    event(event) {
      if (done.has(event)) return event;
      const clean = redacted(event);
      done.add(clean);
      return clean;
    },
  };
}
