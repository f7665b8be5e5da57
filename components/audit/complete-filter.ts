import { filterFields, type FilterField } from '../../server/domain/audit/log-filter.ts';
import type { LogWordsView } from '../../server/domain/views/audit-views.ts';

export type Completion = { value: string; hint: string };
/** What stands before the caret and would be replaced, from `from` on, and by what. */
export type Completing = { from: number; options: Completion[] };

const most = 12;
const spans = ['1h', '24h', '7d', '30d', '90d'];

/** What can stand where a person writes in a filter. */
export function completeFilter(before: string, words: LogWordsView): Completing {
  const [, token = ''] = /(?:^|\s)((?:[a-zA-Z-]+:)?(?:"[^"]*|[^\s"]*))$/.exec(before) ?? [];
  const from = before.length - token.length;
  const [, field, typed = ''] = /^([a-z]+):"?(.*)$/.exec(token) ?? [];
  if (field === undefined) return { from, options: fieldsLike(token) };
  if (!Object.hasOwn(filterFields, field)) return { from, options: [] };
  const wanted = typed.toLowerCase();
  const options = valuesOf(field as FilterField, words)
    .filter(({ value, hint }) => `${value} ${hint}`.toLowerCase().includes(wanted))
    .filter(({ value }) => value !== typed)
    .slice(0, most)
    .map(({ value, hint }) => ({ value: `${field}:${/\s/.test(value) ? `"${value}"` : value} `, hint }));
  return { from, options };
}

function fieldsLike(token: string): Completion[] {
  return Object.entries(filterFields)
    .filter(([field]) => field.startsWith(token.toLowerCase()))
    .map(([field, hint]) => ({ value: `${field}:`, hint }));
}

const plain = (values: readonly string[]): Completion[] => values.map((value) => ({ value, hint: '' }));

function valuesOf(field: FilterField, { kinds, actors, repos, tasks }: LogWordsView): Completion[] {
  switch (field) {
    case 'kind':
      return plain([...new Set(kinds.map((kind) => `${kind.split('.')[0]}.*`)), ...kinds]);
    case 'actor':
      return plain(actors);
    case 'repo':
      return plain(repos);
    case 'task':
      return tasks.map(({ number, title }) => ({ value: String(number), hint: title }));
    case 'log':
      return [
        { value: 'org', hint: 'what was done around the runs' },
        { value: 'runs', hint: 'what was done in them' },
      ];
    case 'after':
    case 'before':
      return plain(spans);
    case 'run':
      return [];
  }
}
