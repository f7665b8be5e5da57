/** What is wrong, and below it what a person does about it. */
export type Trouble = { text: string; fix: string };

const leastDatabase = 170_006;

/** PostgreSQL 17.6 is the first release with the fixes Fleet relies on. `number` is `server_version_num`. */
export function isSupportedDatabase(number: number): boolean {
  return number >= leastDatabase;
}

/** `code` is what listening on `host`:`port` failed with; `other` a port that is free. */
export function portTrouble(at: { code: string; host: string; port: number; other: number }): Trouble {
  const { code, host, port, other } = at;
  switch (code) {
    case 'EADDRINUSE':
      return {
        text: `port ${port} on ${host} is taken by another program`,
        fix: `Use another one: PORT=${other} npm start`,
      };
    case 'EACCES':
      return {
        text: `port ${port} may only be used by root`,
        fix: 'Use one above 1023, behind a reverse proxy if it must be reached there: PORT=3000 npm start',
      };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return {
        text: `HOST=${host} is not an address of this machine`,
        fix: 'Unset HOST to listen on this machine only (127.0.0.1), or use HOST=0.0.0.0 for every address, with FLEET_PUBLIC_URL=http://the-address-people-type:3000',
      };
    default:
      return { text: `cannot listen on ${host}:${port} (${code})`, fix: 'Use another port: PORT=3001 npm start' };
  }
}

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
