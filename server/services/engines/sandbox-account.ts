import canonicalize from 'canonicalize';
import type { OrgDb } from '../../db/connect.ts';
import type { SandboxAccount } from '../../domain/engines/sandbox-account.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';

type Bound = { orgId: string; id: string; domain: string };

/** What the sealed key is bound to: it opens in no other org, and for no other domain than it was entered for. */
export function accountContext({ orgId, id, domain }: Bound): string {
  return canonicalize(['sandbox-account', orgId, id, domain])!;
}

/** The org's account with its key in the clear, for whoever makes sandboxes there; null where it has none. */
export async function readSandboxAccount(deps: {
  db: OrgDb;
  orgId: string;
  secretBoxes: SecretBoxes;
}): Promise<SandboxAccount | null> {
  const { db, orgId, secretBoxes } = deps;
  const row = await db.sandboxAccount.findUnique({ where: { orgId } });
  if (row === null) return null;
  const { domain, template } = row;
  return { domain, template, apiKey: (await secretBoxes.of(orgId)).open(row, accountContext(row)) };
}
