import { openWeb } from '../../../server/api/open-web.ts';
import { publishedKeys } from '../../../server/api/published-keys.ts';

export const dynamic = 'force-dynamic';

/** At /.well-known/fleet-audit-keys.json: the public keys that heads of audit logs are signed with; open to everyone. */
export async function GET(): Promise<Response> {
  const web = openWeb();
  try {
    return Response.json(await publishedKeys(web.auditKeys));
  } catch (error) {
    web.report(error, 'audit keys');
    return Response.json({ why: 'The keys cannot be read now.' }, { status: 503 });
  }
}
