import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { hex, utf8Bytes } from '../../domain/audit/bytes.ts';
import { auditKeyName } from '../../domain/audit/checkpoint.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { installationOwner, type SecretBox, type SecretBoxes } from '../../domain/ports/secret-box.ts';

type Row = {
  number: number;
  publicKey: Uint8Array<ArrayBuffer>;
  ciphertext: Uint8Array<ArrayBuffer>;
  nonce: Uint8Array<ArrayBuffer>;
  keyVersion: number;
  createdAt: Date;
};

type Seal = Pick<Row, 'ciphertext' | 'nonce' | 'keyVersion'>;

/** The rows of `audit_key`; `createMany` adds none where the number is taken. */
type Table = {
  findMany(query: { orderBy: { number: 'asc' } }): Promise<Row[]>;
  updateMany(change: { where: { number: number; keyVersion: number }; data: Seal }): Promise<unknown>;
  createMany(rows: { data: Row[]; skipDuplicates: true }): Promise<unknown>;
};

type Deps = { table: Table; secretBoxes: SecretBoxes; clock: Clock };

/**
 * Keys in the database, each sealed under the installation's data key together with its public part: whoever can write to the database
 * and no more can neither sign nor have a key of his own published.
 */
export function installationKeys({ table, secretBoxes, clock }: Deps): AuditKeys {
  const all = async () => {
    const secretBox = await secretBoxes.of(installationOwner);
    const read = async () => (await table.findMany({ orderBy: { number: 'asc' } })).map((row) => open(secretBox, row));
    await sealAnew(table, secretBox);
    const found = await read();
    if (found.length > 0) return found;
    // Processes that start at once all offer one; the row that is there first is everybody's.
    await table.createMany({ data: [fresh(secretBox, clock.now())], skipDuplicates: true });
    return read();
  };
  let kept: ReturnType<typeof all> | null = null;
  const keys = () =>
    (kept ??= all().catch((error: unknown) => {
      kept = null;
      throw error;
    }));
  return {
    async signer() {
      const newest = (await keys()).at(-1);
      if (!newest) throw new Error('the key that was made is not there');
      const { privateKey, ...key } = newest;
      return { ...key, sign: (text) => new Uint8Array(sign(null, utf8Bytes(text), privateKey)) };
    },
    published: async () => (await keys()).map(({ name, publicKey }) => ({ name, publicKey })),
  };
}

/** What an earlier Fleet sealed under the master key itself. */
async function sealAnew(table: Table, secretBox: SecretBox): Promise<void> {
  const early = (await table.findMany({ orderBy: { number: 'asc' } })).filter(({ keyVersion }) => keyVersion === 1);
  for (const { number, publicKey, ...sealed } of early) {
    const text = secretBox.open(sealed, context(publicKey));
    await table.updateMany({ where: { number, keyVersion: 1 }, data: secretBox.seal(text, context(publicKey)) });
  }
}

const context = (publicKey: Uint8Array) => `audit-key/${hex(publicKey)}`;

function fresh(secretBox: SecretBox, createdAt: Date): Row {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = rawOf(privateKey);
  const sealed = secretBox.seal(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), context(publicKey));
  return { number: 1, publicKey, ...sealed, createdAt };
}

function open(secretBox: SecretBox, { publicKey, ...sealed }: Row) {
  const privateKey = createPrivateKey(secretBox.open(sealed, context(publicKey)));
  const raw = new Uint8Array(publicKey);
  return { name: auditKeyName(nodeHashing.sha256, raw), publicKey: raw, privateKey };
}

/** The 32 bytes of the public key. */
function rawOf(privateKey: KeyObject): Uint8Array<ArrayBuffer> {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x, 'base64url'));
}
