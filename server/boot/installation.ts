import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { installationFile } from '../config/master-keys.ts';
import { AppError } from '../domain/errors.ts';

/** Version of the data folder's own layout. Raise it when an older Fleet must not open the folder any more. */
const dataFormat = 1;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

const installation = z.object({
  format: z.literal(dataFormat),
  createdAt: z.iso.datetime(),
  /** Encrypts what orgs entrust to us, such as model keys. Losing it loses those. */
  masterKey: hex(32),
  /** There while the master key takes over from it. */
  earlierMasterKey: hex(32).optional(),
  nextAuthSecret: hex(32),
  inngestEventKey: hex(16),
  /** Its digits are an even number: the register call hex-decodes them. */
  inngestSigningKey: z.string().regex(/^signkey-prod-(?:[0-9a-f]{2})+$/),
  postgresPassword: hex(24),
  appPassword: hex(24),
  enginePassword: hex(24),
});

/** The secrets a data folder was made with, and its format. */
export type Installation = z.infer<typeof installation>;

/**
 * Reads the data folder's secrets. Null when the folder is new.
 * Throws AppError `config_invalid` when the folder is another version's or lost its secrets.
 */
export function readInstallation(dataDir: string): Installation | null {
  const file = installationFile(dataDir);
  const text = readIfThere(file);
  if (text === null) {
    if (fs.existsSync(path.join(dataDir, 'pg'))) throw unusable(file, lostSecrets(dataDir));
    return null;
  }
  const json = parseJson(text);
  const format = z.object({ format: z.number() }).safeParse(json);
  if (format.success && format.data.format !== dataFormat)
    throw unusable(file, otherFormat(dataDir, format.data.format));
  const read = installation.safeParse(json);
  if (!read.success) {
    throw unusable(
      file,
      `${file} is damaged (${read.error.issues[0]?.path.join('.') || 'not JSON'}). Restore it from your backup; without it the stored keys cannot be read.`,
    );
  }
  if ((fs.statSync(file).mode & 0o077) !== 0) fs.chmodSync(file, 0o600);
  return read.data;
}

/** Reads the data folder's secrets, or makes them on first start; the folder must exist. Errors as `readInstallation`. */
export function openInstallation(dataDir: string, now: Date): Installation {
  const existing = readInstallation(dataDir);
  if (existing !== null) return existing;
  const fresh: Installation = {
    format: dataFormat,
    createdAt: now.toISOString(),
    masterKey: randomHex(32),
    nextAuthSecret: randomHex(32),
    inngestEventKey: randomHex(16),
    inngestSigningKey: `signkey-prod-${randomHex(32)}`,
    postgresPassword: randomHex(24),
    appPassword: randomHex(24),
    enginePassword: randomHex(24),
  };
  save(dataDir, fresh);
  return fresh;
}

/**
 * Puts a new master key into the data folder and keeps the one before beside it; where both are there already, a rotation
 * that was cut off goes on with them.
 */
export function beginRotation(dataDir: string): { present: string; earlier: string } {
  const { masterKey, earlierMasterKey, ...secrets } = known(dataDir);
  if (earlierMasterKey !== undefined) return { present: masterKey, earlier: earlierMasterKey };
  const present = randomHex(32);
  save(dataDir, { ...secrets, masterKey: present, earlierMasterKey: masterKey });
  return { present, earlier: masterKey };
}

/** Takes the earlier master key out of the data folder. */
export function endRotation(dataDir: string): void {
  save(dataDir, { ...known(dataDir), earlierMasterKey: undefined });
}

function known(dataDir: string): Installation {
  const found = readInstallation(dataDir);
  if (found === null) throw unusable(installationFile(dataDir), `${dataDir} is no data folder of Fleet yet.`);
  return found;
}

function save(dataDir: string, secrets: Installation): void {
  writeDurably(installationFile(dataDir), `${JSON.stringify(secrets, null, 2)}\n`);
}

/** Whole or not at all, readable by the owner only, and on disk when it returns. */
export function writeDurably(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  const descriptor = fs.openSync(draft, 'w', 0o600);
  try {
    fs.writeSync(descriptor, text);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(draft, file);
  syncFolder(path.dirname(file));
}

/** Else a power cut could undo the rename, when the database has keys already that only the new file opens. */
function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function otherFormat(dataDir: string, found: number): string {
  const made = found > dataFormat ? 'a newer' : 'an older';
  return (
    `The data folder ${dataDir} was made by ${made} Fleet (format ${found}; this Fleet reads format ${dataFormat}). ` +
    'Start it with that version, or use another folder: FLEET_DATA_DIR=/path/to/folder npm start'
  );
}

function lostSecrets(dataDir: string): string {
  return (
    `The data folder ${dataDir} holds a database but its installation.json is missing. ` +
    'Restore that file from your backup, or use another folder: FLEET_DATA_DIR=/path/to/folder npm start'
  );
}

function unusable(file: string, message: string): AppError {
  return new AppError('config_invalid', message, { file });
}
