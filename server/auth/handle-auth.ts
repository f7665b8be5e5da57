import type { NextApiRequest, NextApiResponse } from 'next';
import nextAuth, { type NextAuthOptions } from 'next-auth';
import { clientOf } from './limit-sign-in.ts';
import { ownPath } from './origin.ts';

/** Node hands over a CommonJS module as `{ default }`, the bundler as its default export. */
const NextAuth = ((nextAuth as unknown as { default?: typeof nextAuth }).default ?? nextAuth) as typeof nextAuth;

const opened: Record<string, readonly string[]> = {
  GET: ['csrf', 'providers', 'session', 'signin', 'signout', 'verify-request', 'error'],
  POST: ['signin', 'signout'],
};

type Call = {
  method: string;
  path: string[];
  query: Record<string, string>;
  body: Record<string, string>;
  headers: Headers;
};

export type Auth = {
  options: NextAuthOptions;
  publicUrl: string;
  /** Whether one more sign-in mail may go to this address for this client. */
  admit(asked: { email: string; client: string }): Promise<boolean>;
};

/** Answers /api/auth/*: asking for a link, signing out. Using a link is confirmSignIn's. */
export async function handleAuth(request: Request, { options, publicUrl, admit }: Auth): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/api\/auth\/?/, '').split('/');
  if (!opened[request.method]?.includes(path[0] ?? '')) return new Response('Not found', { status: 404 });
  const query = Object.fromEntries(url.searchParams);
  const body = request.method === 'POST' ? await formOf(request) : {};
  const asksForMail = request.method === 'POST' && path[0] === 'signin';
  if (asksForMail && !(await admit({ email: body.email ?? '', client: clientOf(request.headers) }))) {
    return tooMany(body.json === 'true');
  }
  return callNextAuth({ method: request.method, path, query, body, headers: request.headers }, options, publicUrl);
}

/** In the two ways in which next-auth answers: to the page's script, and to a form without one. */
function tooMany(asJson: boolean): Response {
  const url = '/sign-in?error=TooManyMails';
  const headers = { 'cache-control': 'private, no-store', 'retry-after': '900' };
  if (asJson) return Response.json({ url }, { status: 429, headers });
  return new Response(null, { status: 303, headers: { ...headers, location: url } });
}

/** One call of next-auth through its documented request and response, without Next around it. */
export async function callNextAuth(call: Call, options: NextAuthOptions, publicUrl: string): Promise<Response> {
  const headers = new Headers();
  let status = 200;
  let body: string | null = null;
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
      body = JSON.stringify(value, (name, field) => (name === 'url' ? relative(String(field), publicUrl) : field));
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
    headers.set('location', relative(location, publicUrl));
    status = 303;
  }
  headers.set('cache-control', 'private, no-store');
  return new Response(body, { status, headers });
}

/** Redirects stay relative, so that a person who came by another name of the same server keeps the cookie just set. */
function relative(location: string, publicUrl: string): string {
  const url = new URL(location, publicUrl);
  return ownPath(`${url.pathname}${url.search}${url.hash}`, publicUrl);
}

/** The fields of a posted form or JSON object; anything else counts as empty. */
export async function formOf(request: Request): Promise<Record<string, string>> {
  const text = await request.text();
  if (text.length > 20_000) return {};
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
