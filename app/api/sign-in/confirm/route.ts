import { webAuth } from '../../../../server/api/web-auth.ts';
import { confirmSignIn } from '../../../../server/auth/confirm-sign-in.ts';

export function POST(request: Request): Promise<Response> {
  const { options, publicUrl } = webAuth();
  return confirmSignIn(request, options(null), publicUrl);
}
