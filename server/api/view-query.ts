import type { OrgRole } from '../domain/authz/scopes.ts';
import type { OrgDb } from '../db/connect.ts';
import type { OrgRef } from '../auth/org-of-member.ts';
import type { ViewQuery } from '../services/views/view-query.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { Web } from './web.ts';

type OrgContext = { web: Web; viewer: Viewer; db: OrgDb; org: OrgRef; role: OrgRole };

/** What a read model needs to know of the request. */
export function viewQuery(ctx: OrgContext): ViewQuery {
  return {
    db: ctx.db,
    system: ctx.web.database.system,
    orgId: ctx.org.id,
    viewer: { userId: ctx.viewer.userId, role: ctx.role },
    now: ctx.web.clock.now(),
  };
}
