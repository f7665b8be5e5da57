import { statfs } from 'node:fs/promises';
import net from 'node:net';
import pg from 'pg';
import { processEnvironment } from '../config/config.ts';
import type { Machine } from './preflight.ts';
import { commandRunner } from './run-command.ts';

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    nodeVersion: process.version,
    isRoot: process.getuid?.() === 0,
    run: commandRunner(processEnvironment()),
    async freeBytes(folder) {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    listenError,
    databaseVersion,
  };
}

function listenError(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

async function databaseVersion(url: string): Promise<{ number: number; text: string }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ number: string; text: string }>(
      "select current_setting('server_version_num') as number, current_setting('server_version') as text",
    );
    return { number: Number(rows[0]?.number), text: rows[0]?.text.split(' ')[0] ?? 'unknown' };
  } finally {
    await client.end();
  }
}
