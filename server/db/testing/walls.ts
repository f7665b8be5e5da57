type Admin = <R extends object>(sql: string) => Promise<R[]>;

type Table = { name: string; rls: boolean; forced: boolean; key: string[] | null; columns: string[] };
type Policy = { table: string; name: string; cmd: string; roles: string[]; using: string | null; check: string | null };
type ForeignKey = { name: string; from: string[]; to: string[]; onDelete: string };

async function tables(admin: Admin): Promise<Table[]> {
  return admin<Table>(`
    select c.relname as name, c.relrowsecurity as rls, c.relforcerowsecurity as forced,
      (select array_agg(a.attname::text order by k.n) from pg_index i, unnest(i.indkey::int[]) with ordinality k(attnum, n)
        join pg_attribute a on a.attnum = k.attnum where a.attrelid = c.oid and i.indrelid = c.oid and i.indisprimary) as key,
      (select array_agg(attname::text) from pg_attribute where attrelid = c.oid and attnum > 0) as columns
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`);
}

/** Tables with rows of orgs: all but those that are known to have none. */
export async function tablesOfOrgs(admin: Admin, globals: string[]): Promise<Table[]> {
  return (await tables(admin)).filter(({ name }) => !globals.includes(name));
}

/** What tables of orgs lack of their walls, as the catalogue has it now. */
export async function missingWalls(admin: Admin, globals: string[]): Promise<string[]> {
  const policies = await admin<Policy>(
    `select tablename as table, policyname as name, cmd, roles::text[] as roles, qual as using, with_check as check from pg_policies`,
  );
  const found = (await tablesOfOrgs(admin, globals)).flatMap((table) => [
    ...lacking(table),
    ...unpoliced(
      table,
      policies.filter((policy) => policy.table === table.name),
    ),
  ]);
  return [...found, ...(await looseKeys(admin, globals))];
}

function lacking({ name, rls, forced, key, columns }: Table): string[] {
  return [
    name === 'org' || columns.includes('org_id') ? null : `${name} has no org_id`,
    key?.[0] === (name === 'org' ? 'id' : 'org_id') ? null : `${name} has a key without the org`,
    rls ? null : `${name} has no row-level security`,
    forced ? null : `${name} does not hold its owner to it`,
  ].filter((words) => words !== null);
}

/** The one policy of an org, for reading and for writing; and reading across orgs for the role that cannot log in. */
function unpoliced({ name }: Table, policies: Policy[]): string[] {
  const rule = `(${name === 'org' ? 'id' : 'org_id'} = NULLIF(current_setting('app.org'::text, true), ''::text))`;
  const isOwn = ({ cmd, roles, using, check }: Policy) =>
    cmd === 'ALL' && roles.join() === 'public' && using === rule && check === rule;
  const isAcross = ({ cmd, roles }: Policy) => cmd === 'SELECT' && roles.join() === 'fleet_system';
  const others = policies.filter((policy) => policy.name !== 'own_org' && !isAcross(policy));
  return [
    ...(policies.some((policy) => policy.name === 'own_org' && isOwn(policy))
      ? []
      : [`${name} has no policy of its org`]),
    ...others.map((policy) => `${name} has another policy: ${policy.name}`),
  ];
}

/** Foreign keys that point out of the org, or that would take evidence along. */
async function looseKeys(admin: Admin, globals: string[]): Promise<string[]> {
  const keys = await admin<ForeignKey & { of: string }>(`
    select conname as name, confdeltype as "onDelete", c.relname as of,
      (select array_agg(attname::text order by n) from unnest(conkey) with ordinality k(attnum, n)
        join pg_attribute a using (attnum) where a.attrelid = conrelid) as from,
      (select array_agg(attname::text order by n) from unnest(confkey) with ordinality k(attnum, n)
        join pg_attribute a using (attnum) where a.attrelid = confrelid) as to
    from pg_constraint join pg_class c on c.oid = conrelid
    where contype = 'f' and connamespace = 'public'::regnamespace`);
  return keys
    .filter(({ of }) => !globals.includes(of))
    .flatMap(({ name, from, to, onDelete }) => [
      ...(from[0] === 'org_id' && to[0] === 'org_id' ? [] : [`${name} leaves the org`]),
      ...(onDelete === 'r' ? [] : [`${name} takes rows along`]),
    ]);
}
