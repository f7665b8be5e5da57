import type { KeySelfView } from '../../../domain/views/key-views.ts';
import { keyProcedure } from '../../trpc.ts';

/** What the key of this request may do, and where: a client asks it once and then knows its org. */
export const keysSelf = keyProcedure.query(async ({ ctx: { web, key } }): Promise<KeySelfView> => {
  const { orgId, name, prefix, scopes, expiresAt } = key;
  const org = await web.database.org(orgId).org.findUniqueOrThrow({ where: { id: orgId } });
  return {
    org: org.slug,
    orgName: org.name,
    serviceAccount: name,
    prefix,
    scopes: [...scopes],
    expiresAt: expiresAt.toISOString(),
  };
});
