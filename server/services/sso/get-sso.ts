import type { OrgDb } from '../../db/connect.ts';
import { proofName, proofText } from '../../domain/sso/mail-domain.ts';
import { joinRoles, ssoPath } from '../../domain/sso/sso-rules.ts';
import type { SsoView } from '../../domain/views/sso-views.ts';

type Asked = { db: OrgDb; orgId: string; publicUrl: string; provider: string | null };

/** The org's identity provider and domains. The client secret is not read. `provider`: how the viewer signed in. */
export async function getSso({ db, orgId, publicUrl, provider }: Asked): Promise<SsoView> {
  const [row, org, domains] = await Promise.all([
    db.ssoProvider.findUnique({ where: { orgId }, select: { id: true, issuer: true, clientId: true } }),
    db.org.findUniqueOrThrow({ where: { id: orgId } }),
    db.orgDomain.findMany({ where: { orgId }, orderBy: { domain: 'asc' } }),
  ]);
  const path = ssoPath(orgId);
  return {
    redirectUri: `${publicUrl}/api/auth/callback/${path}`,
    path,
    provider: row && { issuer: row.issuer, clientId: row.clientId },
    required: org.requiredSso !== null,
    cameBySso: row !== null && row.id === provider,
    domains: domains.map(({ id, domain, proof, provenAt, lostAt, joinAs }) => ({
      id,
      domain,
      recordName: proofName(domain),
      recordText: proofText(proof),
      proven: provenAt !== null,
      lost: lostAt !== null,
      joinAs: joinRoles.find((role) => role === joinAs) ?? null,
    })),
  };
}
