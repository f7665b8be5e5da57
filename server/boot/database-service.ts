import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, signalProcess } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { startPostgres } from './postgres.ts';
import type { PostgresServer } from './postgres.ts';
import type { Service } from './supervisor.ts';

type DatabaseOptions = {
  dataDir: string;
  /** The superuser's password. */
  password: string;
  say: (line: string) => void;
  /** Server settings over the usual ones; tests trade durability for speed. */
  settings?: Record<string, string>;
};

export type DatabaseService = Service & {
  /** The superuser's URL; the same from start to stop, also when the server had to be started again. */
  adminUrl(): string;
  /** Resolves once it runs, at once if it does; also when it is being stopped. */
  whenUp(): Promise<void>;
};

const firstDelayMs = 100;
const longestDelayMs = 5_000;

/** Keeps the embedded PostgreSQL running on its port: started again whenever it ends before `stop`. */
export function superviseDatabase(options: DatabaseOptions): DatabaseService {
  const { say } = options;
  const stopping = new AbortController();
  let server: PostgresServer | null = null;
  let identity: ProcessIdentity | null = null;
  let healing: Promise<void> = Promise.resolve();

  const launch = async (port: number | undefined) => {
    const onExit = (why: string) => void (healing = heal(why));
    server = await startPostgres({ ...options, port, onExit });
    identity = identify(server.pid);
  };

  const heal = async (why: string) => {
    const port = server?.port;
    say(`${why} unexpectedly; starting it again`);
    for (let delay = firstDelayMs; !stopping.signal.aborted; delay = Math.min(delay * 2, longestDelayMs)) {
      try {
        await launch(port);
        return say('PostgreSQL runs again');
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  return {
    name: 'PostgreSQL',
    pid: () => server?.pid ?? null,
    adminUrl: () => server?.adminUrl ?? '',
    start: () => launch(undefined),
    async whenUp() {
      // Its clients notice its death before its watcher does: the process itself is asked.
      while (!stopping.signal.aborted && (identity === null || !isAlive(identity))) await sleep(50);
    },
    async stop() {
      stopping.abort();
      await healing;
      await server?.stop();
    },
    kill() {
      stopping.abort();
      // Never SIGKILL: its backends would outlive it for a while. The next start recovers from the log either way.
      if (identity !== null) signalProcess(identity, 'SIGQUIT');
    },
  };
}
