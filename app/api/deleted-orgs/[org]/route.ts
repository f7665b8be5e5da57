import { openWeb } from '../../../../server/api/open-web.ts';
import { tellDeletedOrg } from '../../../../server/api/tell-deleted-org.ts';

export const dynamic = 'force-dynamic';

/** What is left of a deleted org: the signed head where its log ended; open to everyone who knows its id. */
export async function GET(_request: Request, { params }: { params: Promise<{ org: string }> }): Promise<Response> {
  return tellDeletedOrg(openWeb(), await params);
}
