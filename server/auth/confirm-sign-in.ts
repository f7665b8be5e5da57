import type { NextAuthOptions } from 'next-auth';
import { callNextAuth, formOf } from './handle-auth.ts';
import { isOwnOrigin } from './origin.ts';

/**
 * Answers the button of the confirmation page: uses up the token and sets the session's cookie. Mails only ever name the
 * page, since mail scanners open every link; and next-auth's callback, which would sign in on GET, is reached by this
 * post alone, so that no other site can sign somebody in as somebody else. Another site's post is refused with 403.
 */
export async function confirmSignIn(request: Request, options: NextAuthOptions, publicUrl: string): Promise<Response> {
  if (!isOwnOrigin(request.headers, publicUrl)) {
    return new Response('Open the sign-in link again and press its button there.', { status: 403 });
  }
  const { token = '', email = '', callbackUrl = '/' } = await formOf(request);
  const query = { token, email, callbackUrl };
  const call = { method: 'GET', path: ['callback', 'email'], query, body: {}, headers: request.headers };
  return callNextAuth(call, options, publicUrl);
}
