import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../domain/errors.ts';
import type { MasterKeys } from '../domain/secrets/master-keys.ts';
import type { Config } from './config.ts';

/** Where a data folder keeps its secrets. */
export const installationFile = (dataDir: string): string => path.join(dataDir, 'installation.json');

/**
 * The master keys: the operator's from the environment, else the data folder's own, read anew at each call because a
 * rotation changes them. The call throws AppError `config_invalid` where there are none.
 */
export function masterKeysOf({ masterKey, earlierMasterKey, dataDir }: Config): () => MasterKeys {
  if (masterKey !== null) return () => ({ present: masterKey, earlier: earlierMasterKey });
  return () => {
    try {
      const read = JSON.parse(fs.readFileSync(installationFile(dataDir), 'utf8')) as Record<string, string | undefined>;
      if (read.masterKey) return { present: read.masterKey, earlier: read.earlierMasterKey ?? null };
    } catch {
      // Not there, or no JSON: said below.
    }
    throw new AppError(
      'config_invalid',
      `The master key is not known: FLEET_MASTER_KEY is not set and ${installationFile(dataDir)} has none. Set it as the installation has it.`,
    );
  };
}
