import type { AnyProcedure } from '@trpc/server';
import { appRouter } from '../root.ts';
import type { Furnished, Ids } from './furnished-org.ts';
import { idFields } from './id-fields.ts';
import { fixtures } from './procedure-fixtures.ts';
import { callerOf, type Caller, type TestWeb } from './test-web.ts';

export const procedures = appRouter._def.procedures as unknown as Record<string, AnyProcedure>;
/** Procedures whose input names something. */
export const naming = Object.keys(procedures).filter((path) => idFields(procedures[path]!).length > 0);
/** Those of an org. */
export const inOrgs = naming.filter((path) => !['signed in', 'a key'].includes(fixtures[path]?.demands ?? ''));

export type Answer = { code: string; message: string; value: string };
export type Ask = (path: string, input: unknown) => Promise<Answer>;
type Calls = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** Asks the real procedures as `caller`. */
export function asking(web: TestWeb, caller: Caller): Ask {
  return async (path, input) => {
    const [feature = '', name = ''] = path.split('.');
    const calls = callerOf(web, caller) as unknown as Calls;
    try {
      const value = await calls[feature]?.[name]?.(input);
      return { code: 'OK', message: '', value: JSON.stringify(value) ?? '' };
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return { code, message, value: '' };
    }
  };
}

/** An id of the same kind that never was. */
export const never = (id: string): string => `${id.slice(0, -12)}${'0'.repeat(12)}`;

/** The ids that an input is made of. */
export function named(path: string, ids: Ids): (keyof Ids)[] {
  const used = new Set<keyof Ids>();
  fixtures[path]?.input?.(new Proxy(ids, { get: (all, name: keyof Ids) => (used.add(name), all[name]) }));
  return [...used];
}

/** The id after this one: of another kind. */
export function ofAnotherKind(ids: Ids, name: keyof Ids): string {
  const names = Object.keys(ids) as (keyof Ids)[];
  return ids[names[(names.indexOf(name) + 1) % names.length]!];
}

export type Admin = <R extends object>(sql: string, values?: unknown[]) => Promise<R[]>;

/** All rows of an org in all of its tables: how many, and one digest a table. */
export async function rowsOf(admin: Admin, orgId: string): Promise<Record<string, string>> {
  const tables = await admin<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'org_id' and table_name not in ('locator', 'kernel', 'deleted_org')`,
  );
  const digests = tables.map(
    ({ name }) => `select '${name}' as name, count(*) || ' ' ||
      md5(coalesce(string_agg(t::text, '' order by t::text), '')) as digest from "${name}" t where org_id = $1`,
  );
  const rows = await admin<{ name: string; digest: string }>(
    `${digests.join(' union all ')} union all select 'org', '1 ' || md5(o::text) from org o where id = $1 order by 1`,
    [orgId],
  );
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

export type Tried = { attempts: number; leaks: string[] };

type Ground = { admin: Admin; mine: Furnished; theirs: Furnished };

/** Every procedure of an org with every kind of id of another: a leak is another answer than for an id that never was. */
export async function tryProcedures({ admin, mine, theirs }: Ground, ask: Ask): Promise<Tried> {
  const before = await rowsOf(admin, theirs.org.orgId);
  const tried: Tried = { attempts: 0, leaks: [] };
  for (const path of inOrgs) {
    for (const name of named(path, mine.ids)) {
      const askWith = (id: string) =>
        ask(path, { org: mine.org.slug, ...fixtures[path]!.input!({ ...mine.ids, [name]: id }) });
      const [none, answer] = [await askWith(never(theirs.ids[name])), await askWith(theirs.ids[name])];
      tried.attempts += 1;
      const told = Object.values(theirs.ids).filter((id) => answer.value.includes(id) || answer.message.includes(id));
      if (told.length > 0 || JSON.stringify(answer) !== JSON.stringify(none)) {
        tried.leaks.push(`${path} by ${name}: ${answer.code} ${answer.message}${answer.value}`.slice(0, 200));
      }
    }
  }
  const after = await rowsOf(admin, theirs.org.orgId);
  tried.leaks.push(
    ...Object.keys(before).flatMap((table) => (before[table] === after[table] ? [] : [`wrote ${table}`])),
  );
  return tried;
}
