import type { Database } from '../db/connect.ts';
import type { Actor } from '../domain/events/actor.ts';
import type { OrgRef } from '../auth/org-of-member.ts';
import type { Web } from './web.ts';

type OrgContext = { web: Web; org: OrgRef; actor: Actor };

/** What every use case that writes is given. */
export function changeDeps(ctx: OrgContext): { database: Database; orgId: string; actor: Actor; now: Date } {
  return { database: ctx.web.database, orgId: ctx.org.id, actor: ctx.actor, now: ctx.web.clock.now() };
}
