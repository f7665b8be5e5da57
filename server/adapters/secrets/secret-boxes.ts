import { randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import { AppError } from '../../domain/errors.ts';
import type { DataKeyStore, WrappedKey } from '../../domain/ports/data-keys.ts';
import type { SecretBox, SecretBoxes } from '../../domain/ports/secret-box.ts';
import { masterKeyId, type MasterKeys } from '../../domain/secrets/master-keys.ts';
import { decrypt, encrypt } from './aes-gcm.ts';
import { unwrapKey, wrapKey } from './wrapped-keys.ts';

/** Before there were data keys, values were sealed under the master key itself. */
const byMasterKey = 1;
const firstNumber = 2;
/** A rotation may take the master key away between two looks, and no more than one runs at a time. */
const looks = 3;

type Deps = {
  store: DataKeyStore;
  /** Read anew each time: a rotation changes them under a process that goes on. */
  masterKeys: () => MasterKeys;
};

/**
 * Envelope encryption: values under the data key of their owner, data keys under the master key. Nothing is kept in memory
 * between two calls of `of`: a key that was wrapped anew, or that is gone, is so at once for every process.
 */
export function secretBoxes({ store, masterKeys }: Deps): SecretBoxes {
  return {
    async of(owner) {
      for (let look = 0; look < looks; look += 1) {
        const held = heldOf(masterKeys());
        const rows = await store.of(owner);
        if (rows.length === 0) {
          await store.add(wrapKey(randomBytes(32), { owner, number: firstNumber }, await usable(store, held)));
          continue;
        }
        const keys = unwrapAll(rows, held);
        if (keys !== null) return boxOf(owner, keys, held);
      }
      throw cannotOpen();
    },
  };
}

/** The newest first. */
const heldOf = ({ present, earlier }: MasterKeys) => (earlier === null ? [present] : [present, earlier]);

/** The newest of our master keys that data keys may hang on. The first of an installation makes itself known. */
async function usable(store: DataKeyStore, held: string[]): Promise<string> {
  const known = await store.masterKeyIds();
  const found = known.length === 0 ? held[0] : held.find((key) => known.includes(masterKeyId(key)));
  if (found === undefined) throw cannotOpen();
  if (known.length === 0) await store.addMasterKey(masterKeyId(found));
  return found;
}

function unwrapAll(rows: WrappedKey[], held: string[]): Map<number, Buffer> | null {
  const keys = new Map<number, Buffer>();
  for (const row of rows) {
    const master = held.find((key) => masterKeyId(key) === row.masterKeyId);
    const key = master === undefined ? null : unwrapKey(row, master);
    if (key === null) return null;
    keys.set(row.number, key);
  }
  return keys;
}

function boxOf(owner: string, keys: Map<number, Buffer>, held: string[]): SecretBox {
  const newest = Math.max(...keys.keys());
  const bound = (number: number, context: string) => canonicalize([owner, number, context])!;
  return {
    seal(plain, context) {
      const sealed = encrypt(keys.get(newest)!, Buffer.from(plain), bound(newest, context));
      return { ...sealed, keyVersion: newest };
    },
    open(sealed, context) {
      const { keyVersion } = sealed;
      const key = keys.get(keyVersion);
      const plain =
        keyVersion === byMasterKey
          ? firstOf(held, (master) => decrypt(Buffer.from(master, 'hex'), sealed, context))
          : key && decrypt(key, sealed, bound(keyVersion, context));
      if (!plain) throw cannotOpen();
      return plain.toString('utf8');
    },
  };
}

function firstOf<T, R>(all: T[], look: (one: T) => R | null): R | null {
  for (const one of all) {
    const found = look(one);
    if (found !== null) return found;
  }
  return null;
}

function cannotOpen(): AppError {
  return new AppError(
    'unavailable',
    'A saved secret cannot be opened with this FLEET_MASTER_KEY. Put back the key it was saved under, or save it again.',
  );
}
