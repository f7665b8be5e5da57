import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../server/domain/errors.ts';

const login = z.object({ url: z.string(), org: z.string(), key: z.string() });
/** Where this machine's user is logged in. */
export type Login = z.infer<typeof login>;

export const usualLoginFile = path.join(homedir(), '.config', 'fleet', 'login.json');

/** Throws `not_signed_in` where there is none, `config_invalid` for a damaged one. */
export async function readLogin(file: string): Promise<Login> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AppError('not_signed_in', 'Log in first, with a key made under Settings: npx fleet login --url URL');
  }
  try {
    return login.parse(JSON.parse(text));
  } catch {
    // Nothing of it is shown: it holds a key.
    throw new AppError('config_invalid', `${file} is damaged. Remove it and log in anew: npx fleet login --url URL`);
  }
}

/** Whole or not at all, for this user's eyes only. */
export async function writeLogin(file: string, kept: Login): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
}
