import { webAuth } from '../../../../server/api/web-auth.ts';
import { handleAuth } from '../../../../server/auth/handle-auth.ts';

export const dynamic = 'force-dynamic';

function answer(request: Request): Promise<Response> {
  const { options, publicUrl } = webAuth();
  return handleAuth(request, options, publicUrl);
}

export { answer as GET, answer as POST };
