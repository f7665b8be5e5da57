import { openWeb } from '../../../../server/api/open-web.ts';
import { findSso } from '../../../../server/auth/find-sso.ts';

export function POST(request: Request): Promise<Response> {
  return findSso(request, openWeb().database);
}
