import type { OrgDb } from '../../db/connect.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import type { OwnValue } from '../../domain/redaction/redactor.ts';
import { readSandboxAccount } from '../engines/sandbox-account.ts';
import { sealContext } from './seal-context.ts';

type Deps = { db: OrgDb; orgId: string; secretBoxes: SecretBoxes };

/** Every value that the org entrusted to Fleet, to be taken out of whatever comes in. Throws `unavailable` as opening does. */
export async function readOwnValues({ db, orgId, secretBoxes }: Deps): Promise<OwnValue[]> {
  const [network, keys, account] = [
    await db.networkSecret.findMany({ where: { orgId } }),
    await db.secret.findMany({ where: { orgId } }),
    await readSandboxAccount({ db, orgId, secretBoxes }),
  ];
  const secretBox = await secretBoxes.of(orgId);
  return [
    ...network.map((row) => ({ name: row.name, value: secretBox.open(row, sealContext({ ...row, orgId })) })),
    ...keys.map((row) => ({ name: 'model-key', value: secretBox.open(row, `${orgId}:${row.name}`) })),
    ...(account === null ? [] : [{ name: 'sandbox-key', value: account.apiKey }]),
  ];
}
