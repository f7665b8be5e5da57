import { secretBoxes } from '../adapters/secrets/secret-boxes.ts';
import { dataKeyStore } from '../db/data-keys.ts';
import type { Database } from '../db/connect.ts';
import type { SecretBoxes } from '../domain/ports/secret-box.ts';

/** The boxes of a test's database, under the master key that worker processes of tests are given. */
export function testSecretBoxes({ system }: Database, masterKey = 'ab'.repeat(32)): SecretBoxes {
  return secretBoxes({ store: dataKeyStore(system), masterKeys: () => ({ present: masterKey, earlier: null }) });
}
