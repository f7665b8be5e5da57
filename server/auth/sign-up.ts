import type { Database } from '../db/connect.ts';
import { maySignUp, type SignUpPolicy } from '../domain/authz/sign-up.ts';
import { ownerAddress } from './owner-link.ts';

type Deps = { database: Pick<Database, 'system' | 'isAwaited'>; now: Date; policy: SignUpPolicy };

/** Whether this address may sign in: it has an account, or the operator's policy lets it have one. */
export async function mayComeIn({ database, now, policy }: Deps, given: string): Promise<boolean> {
  if (policy.kind === 'open') return true;
  const email = given.trim().toLowerCase();
  if (email === ownerAddress) return true;
  if ((await database.system.user.count({ where: { email } })) > 0) return true;
  return maySignUp(policy, { email, awaited: await database.isAwaited(email, now) });
}
