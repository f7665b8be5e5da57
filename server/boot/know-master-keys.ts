import { dataKeyStore } from '../db/data-keys.ts';
import { AppError } from '../domain/errors.ts';
import { masterKeyId, type MasterKeys } from '../domain/secrets/master-keys.ts';

/** Throws AppError `config_invalid` where secrets of this database are sealed under a master key that is none of ours. */
export async function mustKnowMasterKeys(appUrl: string, { present, earlier }: MasterKeys): Promise<void> {
  // In a fresh clone the database client does not exist before the first start has generated it.
  const { openDatabase } = await import('../db/connect.ts');
  const database = openDatabase({ appUrl, max: 1 });
  try {
    const held = [present, earlier].flatMap((key) => (key === null ? [] : [masterKeyId(key)]));
    const missing = (await dataKeyStore(database.system).masterKeyIds()).filter((id) => !held.includes(id));
    if (missing.length === 0) return;
    throw new AppError(
      'config_invalid',
      `FLEET_MASTER_KEY is not the key of this database: secrets in it are sealed under master key ${missing.join(' and ')}, ` +
        `and given is ${held.join(' and ')}. Put back the key it was used with (in FLEET_MASTER_KEY, or in the data folder's ` +
        'installation.json); while keys are being rotated, the one before belongs in FLEET_MASTER_KEY_EARLIER.',
    );
  } finally {
    await database.close();
  }
}
