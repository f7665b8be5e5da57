import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Placing } from '../../domain/ports/placing.ts';

type Asking = { database: Pick<Database, 'system'>; orgId: string; placing: Placing };

/**
 * Why an org's work may not run on the kernel it would get: another org's has been there, and the operator does not say
 * that the two trust each other. Null when it may.
 */
export async function whyNoKernel({ database, orgId, placing }: Asking): Promise<string | null> {
  const { kernel, trusts } = await placing(orgId);
  if (kernel === null) return null;
  const held = await database.system.kernel.findUnique({ where: { name: kernel } });
  return held === null || trusts(held.orgId) ? null : refusal;
}

/** Takes the kernel that an org's work is about to run on; the first stays. Throws `sandbox_unavailable` as above. */
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
  '--all), or gives this organization an engine of its own (npx fleet engine use NAME --org ORG).';
