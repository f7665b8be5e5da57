import type { z } from 'zod';
import type { Tombstone } from '../audit/tombstone.ts';
import { mapStrings } from '../redaction/redact-event.ts';
import { orgEvents } from './org-events.ts';
import { runEvents } from './run-events.ts';

/** What stands in a tombstone for every text that was erased. */
const erasedText = '[erased]';

/**
 * The payload without what was said in it: numbers, ids and words of a fixed set stay, so that what folds a log can read on.
 * Null for a payload that its kind's schema does not know.
 */
export function remainsOf(log: 'org' | 'run', kind: string, payload: unknown): unknown {
  const all: Record<string, z.ZodType> = log === 'org' ? orgEvents : runEvents;
  const schema = Object.hasOwn(all, kind) ? all[kind] : undefined;
  if (!schema?.safeParse(payload).success) return null;
  let whole = payload;
  const visit = (path: string[], value: unknown): void => {
    if (typeof value !== 'object' && typeof value !== 'string') return;
    if (value === null || isId(path.at(-1), value)) return;
    const without = path.length === 0 ? erasedText : replaced(whole, path, erasedText);
    if (schema.safeParse(without).success) whole = without;
    else if (typeof value === 'object') for (const [key, part] of Object.entries(value)) visit([...path, key], part);
  };
  visit([], payload);
  return whole;
}

const isId = (key: string | undefined, value: unknown) =>
  key !== undefined && /Id$|^id$|^tool$/.test(key) && typeof value === 'string' && /^[\w-]{1,64}$/.test(value);

function replaced(value: unknown, [key, ...rest]: string[], by: string): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((part, n) => (String(n) === key ? replaced(part, rest, by) : part));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaced(record[key], rest, by) };
}

/** What is left, as pages show it: every text that is gone says when and why. */
export function erasedPayload({ left, at, why, reason }: Tombstone): unknown {
  const by = why === 'retention' ? 'kept for its time' : reason;
  return mapStrings(left, (text) => (text === erasedText ? `[erased on ${at.slice(0, 10)}: ${by}]` : text));
}
