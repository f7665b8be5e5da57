import { randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Sealed, SecretBoxes } from '../../domain/ports/secret-box.ts';
import { webhookSecret } from '../../domain/webhooks/sign-message.ts';

type Which = { orgId: string; id: string };

const contextOf = ({ orgId, id }: Which) => canonicalize(['webhook-secret', orgId, id])!;

/** A secret that nobody has seen, and how it is kept. */
export async function newWebhookSecret(boxes: SecretBoxes, which: Which): Promise<{ secret: string; sealed: Sealed }> {
  const secret = webhookSecret(randomBytes(32));
  return { secret, sealed: (await boxes.of(which.orgId)).seal(secret, contextOf(which)) };
}

type Row = Pick<Sealed, 'keyVersion'> & {
  ciphertext: Uint8Array;
  nonce: Uint8Array;
  earlierCiphertext: Uint8Array | null;
  earlierNonce: Uint8Array | null;
  earlierKeyVersion: number | null;
  earlierUntil: Date | null;
};

/** The secrets by which messages are signed now. */
export async function openWebhookSecrets(
  boxes: SecretBoxes,
  { row, now, ...which }: Which & { row: Row; now: Date },
): Promise<string[]> {
  const box = await boxes.of(which.orgId);
  const secrets = [box.open(row, contextOf(which))];
  const { earlierCiphertext: ciphertext, earlierNonce: nonce, earlierKeyVersion: keyVersion, earlierUntil } = row;
  if (ciphertext === null || nonce === null || keyVersion === null || earlierUntil === null) return secrets;
  if (earlierUntil > now) secrets.push(box.open({ ciphertext, nonce, keyVersion }, contextOf(which)));
  return secrets;
}
