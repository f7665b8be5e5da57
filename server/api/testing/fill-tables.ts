import { tenantTables } from './locks.ts';
import type { Admin } from './foreign-ids.ts';

type Column = { name: string; type: string; label: string | null };

/** A value that a column of that type takes. */
function valueFor({ name, type, label }: Column, orgId: string): string {
  if (name === 'org_id') return `'${orgId}'`;
  if (label !== null) return `'${label}'`;
  if (type.startsWith('_')) return `'{}'`;
  const values: Record<string, string> = {
    ...{ text: `'theirs'`, bytea: `'\\x00'`, bool: 'false', jsonb: `'{}'`, timestamptz: 'now()' },
    ...{ int2: '1', int4: '1', int8: '1', float8: '1', numeric: '1' },
  };
  return values[type] ?? 'null';
}

/**
 * Puts a row of the org into each of its tables that has none: what only runs and people at work fill. It refers to nothing
 * that is there; what is asked is whether another org gets to it.
 */
export async function fillTables(admin: Admin, orgId: string): Promise<void> {
  for (const { name: table, column } of await tenantTables(admin)) {
    const [found] = await admin(`select 1 from "${table}" where ${column} = $1 limit 1`, [orgId]);
    if (found) continue;
    const columns = await admin<Column>(
      `select column_name as name, udt_name as type,
         (select enumlabel from pg_enum where enumtypid = to_regtype(quote_ident(udt_name)) order by enumsortorder limit 1) as label
       from information_schema.columns
       where table_schema = 'public' and table_name = $1 and is_nullable = 'NO' and column_default is null and is_generated = 'NEVER'`,
      [table],
    );
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const values = columns.map((one) => valueFor(one, orgId)).join(', ');
    await admin(
      `begin; set local session_replication_role = replica; insert into "${table}" (${names}) values (${values}); commit`,
    );
  }
}
