import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { writeDurably } from './installation.ts';
import { lockHolder, tryLock } from './lock-file.ts';
import { isAlive, processIdentity } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const upRecord = z.object({
  url: z.string(),
  /** The database as the app's role; null until it is ready. */
  appUrl: z.string().nullable(),
  startedAt: z.string(),
  children: z.record(z.string(), processIdentity),
});

/** What `up.json` says: where the installation of this data folder answers, and the processes started for it. */
export type UpRecord = z.infer<typeof upRecord>;
export type Orphan = { name: string; identity: ProcessIdentity };

export type DataFolderClaim = {
  /** What a dead supervisor left behind; each stays recorded until it is forgotten here. */
  orphans: Orphan[];
  /** Remembers a child, so that the next start can end it if this supervisor dies; null forgets it. */
  recordChild(name: string, identity: ProcessIdentity | null): void;
  recordAppUrl(appUrl: string): void;
  release(): void;
};

const upFile = (dataDir: string) => path.join(dataDir, 'up.json');
const lockFile = (dataDir: string) => path.join(dataDir, 'up.lock');

export type Running = {
  pid: number;
  url: string;
  appUrl: string | null;
  /** Its processes, and whether each lives. */
  children: { name: string; alive: boolean }[];
};

/** Who runs the installation in this folder right now, and where it answers; null when nobody does. */
export function findRunning(dataDir: string): Running | null {
  const holder = lockHolder(lockFile(dataDir));
  if (holder === null) return null;
  const { url = '', appUrl = null, children = {} } = readRecord(dataDir) ?? {};
  const lives = Object.entries(children).map(([name, identity]) => ({ name, alive: isAlive(identity) }));
  return { pid: holder.pid, url, appUrl, children: lives };
}

/**
 * Makes this process the only supervisor of the data folder and tells which children a dead one left behind.
 * Throws AppError `conflict` naming the pid when another supervisor lives.
 */
export function claimDataFolder(options: { dataDir: string; url: string; now: Date }): DataFolderClaim {
  const { dataDir, url, now } = options;
  const lock = tryLock(lockFile(dataDir));
  if (!lock.held) throw taken(dataDir, lock.holder.pid);
  const children = readRecord(dataDir)?.children ?? {};
  const record: UpRecord = { url, appUrl: null, startedAt: now.toISOString(), children };
  const save = () => writeDurably(upFile(dataDir), JSON.stringify(record));
  const orphans = Object.entries(children).flatMap(([name, identity]) => (isAlive(identity) ? { name, identity } : []));
  save();
  return {
    orphans,
    recordChild(name, identity) {
      if (identity === null) delete record.children[name];
      else record.children[name] = identity;
      save();
    },
    recordAppUrl(appUrl) {
      record.appUrl = appUrl;
      save();
    },
    release() {
      fs.rmSync(upFile(dataDir), { force: true });
      lock.release();
    },
  };
}

function taken(dataDir: string, pid: number): AppError {
  const url = readRecord(dataDir)?.url ?? '';
  return new AppError(
    'conflict',
    `Fleet already runs on the data folder ${dataDir} as process ${pid}: ${url}\n` +
      `Stop it first (Ctrl-C in its terminal, or: kill ${pid}), or start another: FLEET_DATA_DIR=/path/to/folder PORT=3001 npm start`,
    { pid, url },
  );
}

function readRecord(dataDir: string): UpRecord | null {
  try {
    return upRecord.safeParse(JSON.parse(fs.readFileSync(upFile(dataDir), 'utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
