import { handleExport } from '../../../../../server/api/handle-export.ts';
import { openWeb } from '../../../../../server/api/open-web.ts';

export const dynamic = 'force-dynamic';

export async function POST(request: Request, { params }: { params: Promise<{ org: string }> }): Promise<Response> {
  return handleExport(request, openWeb(), (await params).org);
}
