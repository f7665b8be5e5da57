import type { OrgRef } from '../auth/org-of-member.ts';
import type { OrgDb } from '../db/connect.ts';
import type { HeadQuery } from '../services/audit/read-head.ts';
import type { Web } from './web.ts';

/** What questions about the signed head of an org's log need of the request. */
export function headQuery({ web, db, org }: { web: Web; db: OrgDb; org: OrgRef }): HeadQuery {
  return { db, orgId: org.id, auditKeys: web.auditKeys };
}
