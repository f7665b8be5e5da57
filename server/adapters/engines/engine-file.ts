import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineSettings, localPlace, type EngineSettings } from '../../domain/engines/engine-settings.ts';
import { AppError } from '../../domain/errors.ts';

const fileIn = (dataDir: string) => join(dataDir, 'engines.json');

/** The operator's engines, from the data folder. Throws `config_invalid` for a file that cannot be read as such. */
export async function readEngines(dataDir: string): Promise<EngineSettings> {
  const file = fileIn(dataDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noEngines();
    throw error;
  }
  const read = engineSettings.safeParse(parsed(text));
  if (read.success) return read.data;
  // Nothing of it is shown: it holds keys.
  const where = read.error.issues[0]?.path.join('.') || 'not JSON';
  throw new AppError(
    'config_invalid',
    `${file} is damaged (${where}). Restore it, or remove it and add the engines anew.`,
  );
}

/** Whole or not at all, for this user's eyes only: certificates' keys are in it. */
export async function writeEngines(dataDir: string, settings: EngineSettings): Promise<void> {
  const file = fileIn(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
}

function noEngines(): EngineSettings {
  return { installation: randomUUID(), engines: [], use: localPlace, orgs: {}, images: {}, trust: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
