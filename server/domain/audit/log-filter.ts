import { AppError } from '../errors.ts';

/** What a word before a colon may be, and what its value is. The order is the one in which they are offered. */
export const filterFields = {
  kind: 'a kind of event, such as approval.decided, or approval.*',
  actor: 'an address, a service account, people, agents, keys or fleet',
  run: 'the id of a run',
  task: 'the number or id of a task',
  repo: 'the name of a repo',
  log: 'org for what was done around the runs, runs for what was done in them',
  after: 'a day, a time, or how long ago: 2026-11-28, 2026-11-28T10:00:00Z, 7d, 12h',
  before: 'a day, a time, or how long ago',
} as const;

export type FilterField = keyof typeof filterFields;
/** Values of one field are alternatives; fields, and words of the text, must all hold. */
export type LogFilter = Record<FilterField, string[]> & { text: string[] };

const isField = (name: string): name is FilterField => Object.hasOwn(filterFields, name);
const word = /(?:([a-zA-Z-]+):)?(?:"([^"]*)"|(\S+))/g;

/**
 * Reads `kind:approval.* actor:ann@example.com "any text"`. Throws AppError `invalid_input` for a field that there is none of:
 * an auditor who mistypes one must not be told that nothing was found.
 */
export function parseLogFilter(text: string): LogFilter {
  const filter: LogFilter = {
    kind: [],
    actor: [],
    run: [],
    task: [],
    repo: [],
    log: [],
    after: [],
    before: [],
    text: [],
  };
  for (const [whole, field, quoted, bare] of text.matchAll(word)) {
    const value = quoted ?? bare ?? whole;
    if (field === undefined) filter.text.push(value);
    else if (isField(field)) filter[field].push(value);
    else {
      const known = Object.keys(filterFields).join(', ');
      const message = `There is no field ${field}. Fields are ${known}. Put quotes around text that has a colon in it.`;
      throw new AppError('invalid_input', message);
    }
  }
  return filter;
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The time that a value of `after` or `before` means, UTC. Throws AppError `invalid_input` for what is none. */
export function filterTime(value: string, now: Date): Date {
  const [, amount, unit] = /^(\d{1,4})([mhdw])$/.exec(value) ?? [];
  if (amount !== undefined) return new Date(now.getTime() - Number(amount) * unitMs[unit as keyof typeof unitMs]);
  const at = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(value)
    ? new Date(/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(value) || !value.includes('T') ? value : `${value}Z`)
    : new Date(Number.NaN);
  if (!Number.isNaN(at.getTime())) return at;
  throw new AppError('invalid_input', `${value} is no time. Write it as 2026-11-28, as 2026-11-28T10:00:00Z or as 7d.`);
}
