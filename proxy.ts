import { randomBytes } from 'node:crypto';
import { NextResponse, type NextRequest } from 'next/server';
import { contentSecurityPolicy, transportSecurity } from './server/api/security-headers.ts';
import { processConfig } from './server/config/config.ts';

// Next reads the nonce from the policy of the request it is handed, and puts it on the scripts it writes into a page. No right
// is checked here: procedures and routes do that themselves.

export function proxy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'));
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  const transport = transportSecurity(processConfig().publicUrl);
  if (transport !== null) response.headers.set('strict-transport-security', transport);
  return response;
}

export const config = { matcher: '/((?!api/|_next/static/).*)' };
