/** A path into an event, such as `data.orgId`. The only expressions the engine evaluates. */
export type DottedPath = readonly string[];

const path = String.raw`[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`;
const whole = new RegExp(String.raw`^event\.(${path})$`);
const matching = new RegExp(String.raw`^event\.(${path})\s*==\s*async\.(${path})$`);

/** Reads `event.data.orgId`; null for anything that is more than a dotted path. */
export function parsePath(expression: string): DottedPath | null {
  const found = whole.exec(expression.trim());
  return found?.[1] === undefined ? null : found[1].split('.');
}

/** Reads `event.data.id == async.data.id`, the condition of a cancellation; null for anything else. */
export function parseMatch(expression: string): { own: DottedPath; other: DottedPath } | null {
  const found = matching.exec(expression.trim());
  if (found?.[1] === undefined || found[2] === undefined) return null;
  return { own: found[1].split('.'), other: found[2].split('.') };
}

/** The value at a path, undefined where the path leads nowhere. Inherited properties are nowhere. */
export function valueAt(event: unknown, steps: DottedPath): unknown {
  let value: unknown = event;
  for (const step of steps) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
