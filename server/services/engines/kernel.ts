import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Placing } from '../../domain/ports/placing.ts';

type Asking = { database: Pick<Database, 'system'>; orgId: string; placing: Placing };

/**
 * Why an org's work may not run on the kernel it would get: another org's has been there, and the operator does not say
 * that the two trust each other. Null when it may, and where its sandboxes are machines of its own account.
 */
export async function whyNoKernel({
  database,
  orgId,
  placing,
}: Asking & { database: Pick<Database, 'org'> }): Promise<string | null> {
  const { kernel, trusts, byName } = await placing(orgId);
  if (kernel === null) return null;
  const accounts = byName ? 0 : await database.org(orgId).sandboxAccount.count({ where: { orgId } });
  if (accounts > 0) return null;
  const held = await database.system.kernel.findUnique({ where: { name: kernel } });
  return held === null || trusts(held.orgId) ? null : refusal;
}

/** Takes the kernel that the operator's place for an org has; the first stays. Throws `sandbox_unavailable` as above. */
export async function takeKernel({ database, orgId, placing }: Asking, now: Date): Promise<void> {
  const { kernel, trusts } = await placing(orgId);
  if (kernel === null) return;
  const read = () => database.system.kernel.findUnique({ where: { name: kernel } });
  let held = await read();
  if (held === null) {
    await database.system.kernel.createMany({ data: [{ name: kernel, orgId, since: now }], skipDuplicates: true });
    held = await read();
  }
  if (held === null || !trusts(held.orgId)) throw new AppError('sandbox_unavailable', refusal);
}

const refusal =
  'Another organization’s work has run on the kernel that this one’s would share, and a sandbox is a wall for people who ' +
  'trust each other. The operator of this server says that the two do (npx fleet trust ORG ORG, or npx fleet trust ' +
  '--all), or gives this organization an engine of its own (npx fleet engine use NAME --org ORG). Or connect an account of E2B under ' +
  'Settings, Sandboxes.';
