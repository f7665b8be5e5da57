import pg from 'pg';
import type { Database } from '../../db/connect.ts';
import type { Admin, Ask, Tried } from './foreign-ids.ts';
import type { Furnished } from './furnished-org.ts';

/** Tables with rows of orgs; `org` has them under another name. */
export async function tenantTables(admin: Admin): Promise<{ name: string; column: string }[]> {
  const rows = await admin<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity order by 1`,
  );
  return rows.map(({ name }) => ({ name, column: name === 'org' ? 'id' : 'org_id' }));
}

/** Takes row-level security from every table; returns what puts it back. */
export async function withoutRowSecurity(admin: Admin): Promise<() => Promise<void>> {
  const tables = await tenantTables(admin);
  const turn = async (how: string) => {
    for (const { name } of tables) await admin(`alter table "${name}" ${how} row level security`);
  };
  await turn('disable');
  return () => turn('enable');
}

/** Drops every foreign key. */
export async function withoutForeignKeys(admin: Admin): Promise<void> {
  const keys = await admin<{ name: string; of: string }>(
    `select conname as name, conrelid::regclass::text as of from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  for (const { name, of } of keys) await admin(`alter table ${of} drop constraint "${name}"`);
}

/** Plain SQL with the rights of our processes and none of our code, pinned to one org or to none, on each table of another. */
export async function tryTables(
  { admin, appUrl }: { admin: Admin; appUrl: string },
  { as, victim }: { as: string; victim: string },
): Promise<Tried> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  const tried: Tried = { attempts: 0, leaks: [] };
  try {
    await client.query("select set_config('app.org', $1, false)", [as]);
    for (const { name, column } of await tenantTables(admin)) {
      const copy = `insert into "${name}" select (jsonb_populate_record(null::"${name}", jsonb_build_object('${column}', $1::text))).*`;
      for (const [what, sql] of [
        ['read', `select 1 from "${name}" where ${column} = $1`],
        ['counted', `select 1 from "${name}" where ${column} = $1 having count(*) > 0`],
        ['changed', `update "${name}" set ${column} = ${column} where ${column} = $1`],
        ['deleted', `delete from "${name}" where ${column} = $1`],
        ['made', copy],
      ] as const) {
        tried.attempts += 1;
        await client.query('begin');
        const { rowCount } = await client.query(sql, [victim]).catch(refused(what));
        await client.query('rollback');
        if (rowCount !== 0) tried.leaks.push(`${what} ${name}`);
      }
    }
  } finally {
    await client.end();
  }
  return tried;
}

/** A row that is refused for its empty columns got past the walls. */
const refused =
  (what: string) =>
  (error: { code?: string }): { rowCount: number | null } => ({
    rowCount: what === 'made' && error.code !== '42501' ? 1 : 0,
  });

/** The procedures with one handler that forgot the org in its query. */
export const careless =
  ({ database, mine }: { database: Database; mine: Furnished }, ask: Ask): Ask =>
  async (path, input) => {
    if (path !== 'tasks.get') return ask(path, input);
    const { taskId } = input as { taskId: string };
    const task = await database.org(mine.org.orgId).task.findFirst({ where: { id: taskId } });
    return { code: 'OK', message: '', value: task?.id ?? '' };
  };
