import type { OrgDb, SystemDb } from '../../db/connect.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';

/** Who looks at one org's rows, and when: some sentences depend on both. `system` resolves people's addresses only. */
export type ViewQuery = {
  db: OrgDb;
  system: SystemDb;
  orgId: string;
  viewer: { userId: string; role: OrgRole };
  now: Date;
};
