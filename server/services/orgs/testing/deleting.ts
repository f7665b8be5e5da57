import type { BusEvent } from '../../../../inngest/bus/events.ts';
import type { Mail } from '../../../domain/ports/mailer.ts';
import { testAuditKeys } from '../../../testing/audit-keys.ts';
import type { TestDatabase } from '../../../testing/database.ts';
import type { TestOrg, TestUser } from '../../../testing/factories.ts';

/** What asking for a deletion, undoing and doing it are called with, by an owner who has just signed in; notes what goes out. */
export function deleting({ database }: TestDatabase, org: TestOrg, { userId, email }: TestUser = org.owner) {
  const [mails, sent, reported]: [Mail[], BusEvent[], string[]] = [[], [], []];
  const told = new Map<string, string>();
  return {
    ...{ database, orgId: org.orgId, actor: { type: 'user' as const, userId }, by: email, now: new Date() },
    ...{ mails, sent, reported, told, graceDays: 14, publicUrl: 'https://fleet.example.com', signedInAt: new Date() },
    mailer: { send: async (mail: Mail) => void mails.push(mail) },
    bus: { send: async (events: BusEvent[]) => void sent.push(...events), lost: () => undefined },
    auditKeys: testAuditKeys(database),
    report: (error: unknown, where: string) => void reported.push(`${where}: ${String(error)}`),
  };
}

/** The grace is the database's: only its owner can say that it is over. */
export const passGrace = ({ admin }: TestDatabase, { orgId }: TestOrg) =>
  admin(`update org_deletion set due_at = now() - interval '1 minute' where org_id = $1 and undone_at is null`, [
    orgId,
  ]);
