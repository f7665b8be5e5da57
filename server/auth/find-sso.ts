import type { Database } from '../db/connect.ts';
import { formOf } from './handle-auth.ts';
import { ssoOfAddress } from './sso-provider.ts';

/**
 * Answers which identity provider signs an address in. That an org here has one for a domain is no secret; whether the
 * address is known is never told.
 */
export async function findSso(request: Request, database: Database): Promise<Response> {
  const { email = '' } = await formOf(request);
  const path = await ssoOfAddress(database, email.trim().slice(0, 320));
  return Response.json({ path }, { headers: { 'cache-control': 'private, no-store' } });
}
