import { handleTrpc } from '../../../../server/api/handle-trpc.ts';
import { openWeb } from '../../../../server/api/open-web.ts';

export const dynamic = 'force-dynamic';

const answer = (request: Request) => handleTrpc(request, openWeb());

export { answer as GET, answer as POST };
