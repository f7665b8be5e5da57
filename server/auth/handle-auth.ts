import type { NextApiRequest, NextApiResponse } from 'next';
import nextAuth, { type NextAuthOptions } from 'next-auth';
import type { FindIdentityProvider, IdentityProvider } from './identity-provider.ts';
import { clientOf } from './limit-sign-in.ts';
import { ownPath } from './origin.ts';
import { isSecure, sessionCookie } from './session-token.ts';

/** Node hands over a CommonJS module as `{ default }`, the bundler as its default export. */
const NextAuth = ((nextAuth as unknown as { default?: typeof nextAuth }).default ?? nextAuth) as typeof nextAuth;

const opened: Record<string, readonly string[]> = {
  GET: ['csrf', 'providers', 'session', 'signin', 'signout', 'verify-request', 'error', 'callback'],
  POST: ['signin', 'signout'],
};

type Call = {
  method: string;
  path: string[];
  query: Record<string, string>;
  body: Record<string, string>;
  headers: Headers;
  /** The one other place that this call may send the browser to. */
  leadsTo?: string;
};

export type Auth = {
  /** For a request about this provider; null for one about mail, or about none. */
  options(identity: IdentityProvider | null): NextAuthOptions;
  findIdentityProvider: FindIdentityProvider;
  publicUrl: string;
  /** Whether one more sign-in mail may go to this address for this client. */
  admit(asked: { email: string; client: string }): Promise<boolean>;
};

/**
 * Answers /api/auth/*: asking for a link, going to an identity provider and coming back from it, signing out. Using a
 * mailed link is confirmSignIn's.
 */
export async function handleAuth(request: Request, auth: Auth): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/api\/auth\/?/, '').split('/');
  const [action = '', provider = ''] = path;
  if (!opened[request.method]?.includes(action)) return notFound();
  const query = Object.fromEntries(url.searchParams);
  const body = request.method === 'POST' ? await formOf(request) : {};
  const call: Call = { method: request.method, path, query, body, headers: request.headers };
  return provider === 'email' || provider === '' ? byMail(call, auth) : byProvider(call, auth);
}

async function byMail(call: Call, { options, publicUrl, admit }: Auth): Promise<Response> {
  const { method, body, headers } = call;
  const [action] = call.path;
  if (action === 'callback') return notFound();
  const asksForMail = method === 'POST' && action === 'signin';
  if (asksForMail && !(await admit({ email: body.email ?? '', client: clientOf(headers) }))) {
    return toSignIn('TooManyMails', { body, status: 429 });
  }
  return callNextAuth(call, options(null), publicUrl);
}

async function byProvider(call: Call, { options, publicUrl, findIdentityProvider }: Auth): Promise<Response> {
  const [action, provider = ''] = call.path;
  const identity = await findIdentityProvider(provider);
  if (identity === null) return toSignIn('SsoUnknown', call);
  if ('error' in identity) return toSignIn(identity.error, call);
  if (action === 'callback')
    return callNextAuth(withoutSession(call, identity, publicUrl), options(identity), publicUrl);
  // next-auth hands the query of this request on to the provider, `redirect_uri` included: it goes without.
  return callNextAuth({ ...call, query: {}, leadsTo: leadsTo(identity) }, options(identity), publicUrl);
}

const notFound = () => new Response('Not found', { status: 404 });

function leadsTo({ config: { authorization } }: IdentityProvider): string {
  return new URL(typeof authorization === 'string' ? authorization : (authorization?.url ?? '')).origin;
}

/**
 * next-auth joins an identity to whoever is signed in. Only who asked for that, on the account page, is left signed in
 * here: a browser in which somebody else still is must not give the account away.
 */
function withoutSession(call: Call, { mayBeConnected }: IdentityProvider, publicUrl: string): Call {
  const cookies = cookiesOf(call.headers);
  const target = cookies[`${isSecure(publicUrl) ? '__Secure-' : ''}next-auth.callback-url`];
  if (mayBeConnected && ownPath(target, publicUrl) === '/account') return call;
  const others = Object.entries(cookies).filter(([name]) => !name.startsWith(sessionCookie(publicUrl)));
  const headers = new Headers(call.headers);
  headers.set('cookie', others.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; '));
  return { ...call, headers };
}

/** Back to the sign-in page with a code, in the two ways in which next-auth answers: to the page's script, and to a form. */
function toSignIn(code: string, { body, status = 303 }: { body: Call['body']; status?: number }): Response {
  const url = `/sign-in?error=${code}`;
  const headers = { 'cache-control': 'private, no-store', ...(status === 429 ? { 'retry-after': '900' } : {}) };
  if (body.json === 'true') return Response.json({ url }, { status: status === 429 ? 429 : 200, headers });
  return new Response(null, { status: 303, headers: { ...headers, location: url } });
}

/** One call of next-auth through its documented request and response, without Next around it. */
export async function callNextAuth(call: Call, options: NextAuthOptions, publicUrl: string): Promise<Response> {
  const headers = new Headers();
  let status = 200;
  let body: string | null = null;
  const place = (url: string) => (leavesFor(url, call.leadsTo) ? url : relative(url, publicUrl));
  const response = {
    status: (code: number) => ((status = code), response),
    getHeader: (name: string) => (name === 'Set-Cookie' ? headers.getSetCookie() : headers.get(name)),
    setHeader: (name: string, value: string | string[]) => {
      headers.delete(name);
      for (const one of [value].flat()) headers.append(name, one);
      return response;
    },
    json: (value: unknown) => {
      headers.set('content-type', 'application/json');
      body = JSON.stringify(value, (name, field) => (name === 'url' ? place(String(field)) : field));
    },
    send: (value: unknown) => {
      body = typeof value === 'string' ? value : JSON.stringify(value ?? {});
    },
    end: () => undefined,
  };
  const request = {
    method: call.method,
    query: { ...call.query, nextauth: call.path },
    body: call.body,
    cookies: cookiesOf(call.headers),
    headers: Object.fromEntries(call.headers),
  };
  await NextAuth(request as unknown as NextApiRequest, response as unknown as NextApiResponse, options);
  const location = headers.get('location');
  if (location !== null) {
    headers.set('location', place(location));
    status = 303;
  }
  headers.set('cache-control', 'private, no-store');
  return new Response(body, { status, headers });
}

function leavesFor(url: string, origin: string | undefined): boolean {
  return origin !== undefined && URL.canParse(url) && new URL(url).origin === origin;
}

/** Redirects stay relative, so that a person who came by another name of the same server keeps the cookie just set. */
function relative(location: string, publicUrl: string): string {
  const url = new URL(location, publicUrl);
  return ownPath(`${url.pathname}${url.search}${url.hash}`, publicUrl);
}

const mostFormBytes = 20_000;

/** The body, read no further than `most` bytes; null for one that is larger. What it says of its own length is only a reason to stop sooner. */
async function boundedText({ headers, body }: Request, most: number): Promise<string | null> {
  if (Number(headers.get('content-length') ?? 0) > most) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    if (size > most) return null;
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The fields of a posted form or JSON object; anything else counts as empty. */
export async function formOf(request: Request): Promise<Record<string, string>> {
  const text = await boundedText(request, mostFormBytes);
  if (text === null) return {};
  if (!(request.headers.get('content-type') ?? '').includes('application/json')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    const value: unknown = JSON.parse(text);
    const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(fields.map(([name, field]) => [name, String(field)]));
  } catch {
    return {};
  }
}

export function cookiesOf(headers: Headers): Record<string, string> {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return Object.fromEntries(
    pairs
      .filter((pair) => pair.includes('='))
      .map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), decoded(pair.slice(at + 1))];
      }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
