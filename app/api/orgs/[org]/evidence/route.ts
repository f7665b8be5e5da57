import { handleEvidence } from '../../../../../server/api/handle-evidence.ts';
import { openWeb } from '../../../../../server/api/open-web.ts';

export const dynamic = 'force-dynamic';

export async function POST(request: Request, { params }: { params: Promise<{ org: string }> }): Promise<Response> {
  return handleEvidence(request, openWeb(), (await params).org);
}
