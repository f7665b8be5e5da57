import { Client } from 'pg';
import { AppError } from '../../server/domain/errors.ts';

// "fleet eng" in ASCII; only this engine uses it.
const lockKey = 0x666c_6565_7465_6e67n;

export type EngineLock = {
  /** Resolves with the reason when the lock is lost: from then on another engine may work. Never for a release. */
  lost: Promise<Error>;
  release(): Promise<void>;
};

/**
 * Makes this the one engine of its database, for as long as one session lives. Waits `waitMs` for another one to go,
 * then throws AppError `unavailable` that names it.
 */
export async function takeEngineLock(databaseUrl: string, waitMs: number): Promise<EngineLock> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'fleet engine', keepAlive: true });
  let released = false;
  const lost = new Promise<Error>((resolve) => {
    const gone = (error?: Error) => {
      if (!released) resolve(error ?? new Error('the database ended the session that held the engine lock'));
    };
    client.on('error', gone);
    client.on('end', () => gone());
  });
  const release = async () => {
    released = true;
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    await client.query(`set lock_timeout = ${Math.max(1, Math.round(waitMs))}`);
    await client.query('select pg_advisory_lock($1)', [lockKey.toString()]);
    return { lost, release };
  } catch (error) {
    const holder = isLockTimeout(error) ? await findHolder(client) : null;
    await release();
    if (holder === null) throw error;
    throw new AppError(
      'unavailable',
      `Another engine already works on this database: ${holder}. Stop it, or give this one a database of its own.`,
    );
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}

async function findHolder(client: Client): Promise<string> {
  const { rows } = await client.query<{ pid: number; since: Date; address: string | null }>(
    `select a.pid, a.backend_start as since, host(a.client_addr) as address
     from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32 | l.objid::bigint) = $1
       and l.database = (select oid from pg_database where datname = current_database())`,
    [lockKey.toString()],
  );
  const holder = rows[0];
  if (holder === undefined) return 'a session that has just ended';
  return `connected from ${holder.address ?? 'this machine'} since ${holder.since.toISOString()} (database session ${holder.pid})`;
}
