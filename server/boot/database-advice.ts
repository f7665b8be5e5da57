import type { Trouble } from './preflight-advice.ts';

/** The first release with the fixes that Fleet relies on, as `server_version_num` and as people write it. */
export const oldestDatabase = { number: 170_006, name: '17.6' };

/** `error` is what connecting rejected with. The URL's password is never repeated. */
export function databaseTrouble(databaseUrl: string, error: unknown): Trouble {
  const url = new URL(databaseUrl);
  const database = decodeURIComponent(url.pathname.slice(1)) || 'postgres';
  const user = decodeURIComponent(url.username);
  const code = codeOf(error);
  const [why, todo] = databaseReasons({
    host: url.host,
    hostname: url.hostname,
    port: url.port || '5432',
    user,
    database,
  })[code] ?? [
    `cannot connect to ${url.host}: ${plainMessage(error, url)}`,
    'Check the URL with: psql "$DATABASE_URL" -c "select 1"',
  ];
  return { text: `DATABASE_URL: ${why}`, fix: `${todo}\nOr unset DATABASE_URL to use the embedded server.` };
}

type At = { host: string; hostname: string; port: string; user: string; database: string };

function databaseReasons({ host, hostname, port, user, database }: At): Record<string, [string, string]> {
  return {
    ECONNREFUSED: [`nothing answers at ${host}`, 'Start PostgreSQL there, or correct host and port in the URL.'],
    ETIMEDOUT: [`${host} did not answer within 10 seconds`, 'Check host, port and firewall.'],
    ENOTFOUND: [`the host ${hostname} is not known`, 'Correct the host in the URL.'],
    EAI_AGAIN: [`the host ${hostname} is not known`, 'Correct the host in the URL, or mend name resolution.'],
    '28P01': [
      `the password of user ${user} was refused`,
      'Correct user and password in the URL (special characters as %XX).',
    ],
    '28000': [`user ${user} may not connect to ${database}`, 'Create the user or allow it in pg_hba.conf.'],
    '3D000': [
      `there is no database ${database} at ${host}`,
      `Create it: createdb -h ${hostname} -p ${port} -O ${user} ${database}`,
    ],
    '53300': [`${host} has no connection left`, 'Raise max_connections there or end other clients.'],
    '57P03': [`PostgreSQL at ${host} is still starting`, 'Wait a moment and start again.'],
  };
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error && /timeout/i.test(error.message) ? 'ETIMEDOUT' : '';
}

function plainMessage(error: unknown, url: URL): string {
  const message = error instanceof Error ? error.message : String(error);
  return url.password === '' ? message : message.replaceAll(decodeURIComponent(url.password), '…');
}
