import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Github = { url: string; close(): void };
export type GithubUser = { id: number; name: string; email: string; verified: boolean };

/** Whom the browser is signed in as there: a test sets this cookie. */
export const githubCookie = 'user';
export const githubApp = { id: 'fleet-e2e', secret: 'not-a-secret-0123456789' };

const asToken = (user: string) => Buffer.from(user).toString('base64url');
const asUser = (token: string) => JSON.parse(Buffer.from(token, 'base64url').toString()) as GithubUser;

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const part of request) body += String(part);
  return new URLSearchParams(body);
}

/** The code is the person that the browser is signed in as there. */
function authorize(url: URL, cookie: string): string {
  const user = decodeURIComponent(new RegExp(`${githubCookie}=([^;]+)`).exec(cookie)?.[1] ?? '');
  const back = new URL(url.searchParams.get('redirect_uri') ?? '');
  back.search = String(new URLSearchParams({ code: asToken(user), state: url.searchParams.get('state') ?? '' }));
  return back.href;
}

async function token(request: IncomingMessage): Promise<object> {
  const form = await bodyOf(request);
  const basic = `Basic ${Buffer.from(`${githubApp.id}:${githubApp.secret}`).toString('base64')}`;
  const known = request.headers.authorization === basic || form.get('client_secret') === githubApp.secret;
  if (!known) return { error: 'incorrect_client_credentials' };
  return { access_token: form.get('code'), token_type: 'bearer', scope: 'read:user,user:email' };
}

/** Sign-in with GitHub as its documentation describes it: a redirect, a code, a token, and two questions with it. */
export async function github(): Promise<Github> {
  const server = createServer(async (request, response) => {
    const { headers, url: asked = '/' } = request;
    const url = new URL(asked, 'http://github.test');
    const json = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const user = () => asUser(headers.authorization?.replace(/^Bearer /, '') ?? '');
    switch (url.pathname) {
      case '/login/oauth/authorize':
        return response.writeHead(302, { location: authorize(url, headers.cookie ?? '') }).end();
      case '/login/oauth/access_token':
        return json(await token(request));
      case '/api/v3/user':
        return json({ id: user().id, name: user().name, login: 'octocat', email: null });
      case '/api/v3/user/emails':
        return json([{ email: user().email, primary: true, verified: user().verified, visibility: null }]);
      default:
        return response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
