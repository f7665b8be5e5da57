import path from 'node:path';
import { rotateMasterKey } from '../server/adapters/secrets/rotate-master-key.ts';
import { findRunning } from '../server/boot/claim-data-folder.ts';
import { beginRotation, endRotation } from '../server/boot/installation.ts';
import { tryLock } from '../server/boot/lock-file.ts';
import type { Config } from '../server/config/config.ts';
import { openDatabase, type Database } from '../server/db/connect.ts';
import { dataKeyStore } from '../server/db/data-keys.ts';
import { AppError } from '../server/domain/errors.ts';
import { masterKeyId } from '../server/domain/secrets/master-keys.ts';

type Options = { config: Config; print: (line: string) => void };

/**
 * Puts a new master key in the place of the present one while the installation works. The data folder's own key is made
 * anew; the operator's own must be in the environment of every process, with the one before beside it.
 */
export async function rotate({ config, print }: Options): Promise<void> {
  const appUrl = findRunning(config.dataDir)?.appUrl ?? null;
  if (appUrl === null) {
    throw new AppError('unavailable', `No Fleet runs on ${config.dataDir}. Start it first: npm start`);
  }
  const lock = tryLock(path.join(config.dataDir, 'rotation.lock'));
  if (!lock.held) throw new AppError('conflict', `Process ${lock.holder.pid} rotates the master key already.`);
  const database = openDatabase({ appUrl, max: 2 });
  try {
    await mustBeUnderDataKeys(database);
    const keys = config.masterKey === null ? beginRotation(config.dataDir) : givenKeys(config);
    const wrapped = await rotateMasterKey(dataKeyStore(database.system), keys);
    if (config.masterKey === null) endRotation(config.dataDir);
    print(
      `Master key ${masterKeyId(keys.present)} took over from ${masterKeyId(keys.earlier)}: ${wrapped} keys wrapped.`,
    );
    print(
      config.masterKey === null
        ? `It is in ${config.dataDir}: back that folder up. Older backups of the database need the key they were made with.`
        : 'FLEET_MASTER_KEY_EARLIER may go from the environment. Older backups of the database need that key.',
    );
  } finally {
    await database.close();
    lock.release();
  }
}

function givenKeys({ masterKey, earlierMasterKey }: Config): { present: string; earlier: string } {
  if (masterKey !== null && earlierMasterKey !== null) return { present: masterKey, earlier: earlierMasterKey };
  throw new AppError(
    'config_invalid',
    'FLEET_MASTER_KEY comes from your environment. Make a new one (openssl rand -hex 32), set it as FLEET_MASTER_KEY and the ' +
      'present one as FLEET_MASTER_KEY_EARLIER, restart Fleet with both, and run this again with both.',
  );
}

async function mustBeUnderDataKeys({ orgsWithEarlySeals, system }: Database): Promise<void> {
  const keys = await system.auditKey.count({ where: { keyVersion: 1 } });
  if (keys === 0 && (await orgsWithEarlySeals()).length === 0) return;
  throw new AppError(
    'conflict',
    'Some secrets are still sealed under the master key itself. The worker mends that within a minute of its start: try again then. ' +
      'What stays so was sealed under a key that is lost: save it again in its org, or remove it there.',
  );
}
