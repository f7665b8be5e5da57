import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { AppError } from '../domain/errors.ts';
import { databaseTrouble, oldestDatabase } from './database-advice.ts';

/** Two starts at once must not write the same role's row. */
const rolesLock = 7_203_114_906;

type Options = { adminUrl: string; appPassword: string; enginePassword: string };

/**
 * Makes the roles the processes run as, and returns their URLs: `fleet_app` owns nothing and cannot pass row-level
 * security, `fleet_engine` owns the engine's own schemas and sees no table of ours, `fleet_system` cannot log in and
 * owns the few functions that look across orgs, `fleet_purger` neither, and owns those that take a deleted org away. Idempotent. `adminUrl` needs the database's owner with CREATEROLE.
 * Throws AppError `config_invalid` naming what to change.
 */
export async function ensureRoles(options: Options): Promise<{ appUrl: string; engineUrl: string }> {
  const client = await connectAsAdmin(options.adminUrl);
  try {
    const me = await whoAmI(client);
    refuseUnfit(me);
    await client.query('select pg_advisory_lock($1)', [rolesLock]);
    await writeRoles(client, me, options);
  } finally {
    await client.end();
  }
  return {
    appUrl: urlAs(options.adminUrl, 'fleet_app', options.appPassword),
    engineUrl: urlAs(options.adminUrl, 'fleet_engine', options.enginePassword),
  };
}

async function connectAsAdmin(adminUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 15_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { text, fix } = databaseTrouble(adminUrl, error);
    throw new AppError('config_invalid', `${text}.\n${fix}`);
  }
}

type Me = {
  name: string;
  database: string;
  version: number;
  maySetRoles: boolean;
  mayCreate: boolean;
};

async function whoAmI(client: pg.Client): Promise<Me> {
  const { rows } = await client.query(`
    select current_user as name, current_database() as database,
      current_setting('server_version_num')::int as version,
      (rolsuper or rolcreaterole) as "maySetRoles",
      has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE') as "mayCreate"
    from pg_roles where rolname = current_user`);
  return rows[0] as Me;
}

function refuseUnfit(me: Me): void {
  const user = pg.escapeIdentifier(me.name);
  const needs = (what: string, sql: string) =>
    new AppError('config_invalid', `DATABASE_URL: the user ${me.name} ${what}. As a superuser run: ${sql}`, { sql });
  if (me.version < oldestDatabase.number) {
    throw new AppError(
      'config_invalid',
      `DATABASE_URL: Fleet needs PostgreSQL ${oldestDatabase.name} or newer; this server is ${versionName(me.version)}.`,
    );
  }
  if (!me.maySetRoles) throw needs('may not create the roles Fleet runs as', `ALTER ROLE ${user} CREATEROLE;`);
  if (!me.mayCreate) {
    throw needs(
      'may not create tables here',
      `ALTER DATABASE ${pg.escapeIdentifier(me.database)} OWNER TO ${user}; GRANT CREATE ON SCHEMA public TO ${user};`,
    );
  }
}

function versionName(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`;
}

async function writeRoles(client: pg.Client, me: Me, options: Options): Promise<void> {
  const database = pg.escapeIdentifier(me.database);
  const roles = {
    fleet_app: options.appPassword,
    fleet_engine: options.enginePassword,
    fleet_system: null,
    fleet_purger: null,
    fleet_eraser: null,
  };
  // Without inheritance: an owner who is no superuser shall not read across orgs just because he may hand functions over.
  try {
    for (const [role, password] of Object.entries(roles)) await writeRole(client, role, password);
    await client.query(`
      GRANT fleet_engine, fleet_system, fleet_purger, fleet_eraser TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
      GRANT CONNECT ON DATABASE ${database} TO fleet_app, fleet_engine;
      GRANT CREATE ON DATABASE ${database} TO fleet_engine;
      GRANT USAGE ON SCHEMA public TO fleet_app, fleet_system, fleet_purger, fleet_eraser;
      CREATE SCHEMA IF NOT EXISTS engine AUTHORIZATION fleet_engine;
      CREATE SCHEMA IF NOT EXISTS graphile_worker AUTHORIZATION fleet_engine;
      ALTER ROLE fleet_engine IN DATABASE ${database} SET search_path = engine`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    const sql = Object.keys(roles).map(
      (role) => `GRANT ${role} TO ${pg.escapeIdentifier(me.name)} WITH ADMIN TRUE, INHERIT FALSE;`,
    );
    throw new AppError(
      'config_invalid',
      `DATABASE_URL: the user ${me.name} may not set up Fleet's roles (${(error as Error).message}). As a superuser run: ${sql.join(' ')}`,
      { sql: sql.join(' ') },
    );
  }
  await refusePowerful(client);
}

async function writeRole(client: pg.Client, role: string, password: string | null): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  const login = password === null ? 'NOLOGIN' : `LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`;
  await client.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${role} ${login}`);
}

/** A role of these names that somebody made with more rights would pass row-level security. */
async function refusePowerful(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    `select rolname from pg_roles where rolname in ('fleet_app', 'fleet_engine', 'fleet_system', 'fleet_purger', 'fleet_eraser')
       and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
  );
  const names = rows.map((row) => row.rolname);
  if (names.length === 0) return;
  const sql = names.map((name) => `ALTER ROLE ${name} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;`).join(' ');
  throw new AppError(
    'config_invalid',
    `DATABASE_URL: ${names.join(', ')} may do too much. As a superuser run: ${sql}`,
    {
      sql,
    },
  );
}

/** RFC 5802 verifier as PostgreSQL stores it, so that the password itself appears in no statement and no server log. */
function scramVerifier(password: string): string {
  const iterations = 4_096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyed = (label: string) => createHmac('sha256', salted).update(label).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}

function urlAs(adminUrl: string, user: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = user;
  url.password = encodeURIComponent(password);
  return url.href;
}
