import { AppError } from '../../domain/errors.ts';
import type { DataKeyStore } from '../../domain/ports/data-keys.ts';
import { masterKeyId } from '../../domain/secrets/master-keys.ts';
import { unwrapKey, wrapKey } from './wrapped-keys.ts';

/** Processes at work may make data keys under the earlier key until it is gone; each round takes those along. */
const rounds = 20;

/**
 * Wraps every data key under `present` and forgets `earlier`. What is encrypted stays as it is, and can be read all the
 * while by whoever has both keys. Cut off anywhere, it is done by calling it again. Returns how many keys it wrapped.
 */
export async function rotateMasterKey(
  store: DataKeyStore,
  { present, earlier }: { present: string; earlier: string },
): Promise<number> {
  const from = masterKeyId(earlier);
  if (from === masterKeyId(present)) throw new AppError('invalid_input', 'The new master key is the present one.');
  let wrapped = 0;
  await store.addMasterKey(masterKeyId(present));
  for (let round = 0; round < rounds; round += 1) {
    for (const row of await store.under(from)) {
      const key = unwrapKey(row, earlier);
      if (key === null) {
        throw new AppError('unavailable', `The key of ${row.owner} does not open under master key ${from}.`);
      }
      await store.rewrap(wrapKey(key, row, present), from);
      wrapped += 1;
    }
    if (await store.forgetMasterKey(from)) return wrapped;
  }
  throw new AppError('conflict', 'New keys keep appearing under the earlier master key. Run the rotation again.');
}
