import { webAuth } from '../../../../server/api/web-auth.ts';
import { handleAuth } from '../../../../server/auth/handle-auth.ts';

export const dynamic = 'force-dynamic';

function answer(request: Request): Promise<Response> {
  return handleAuth(request, webAuth());
}

export { answer as GET, answer as POST };
