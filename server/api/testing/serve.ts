import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { confirmSignIn } from '../../auth/confirm-sign-in.ts';
import { handleAuth } from '../../auth/handle-auth.ts';
import { handleEvidence } from '../handle-evidence.ts';
import { handleExport } from '../handle-export.ts';
import { handleTrpc } from '../handle-trpc.ts';
import type { Web } from '../web.ts';
import { authOf } from '../web-auth.ts';

export type Served = { url: string; web: Web; cutConnections(): void; close(): Promise<void> };

/** The API behind a real HTTP server on loopback, routed as Next routes it. `make` is told the address first; port 0 is any that is free. */
export async function serve(make: (publicUrl: string) => Web, port = 0): Promise<Served> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const web = make(url);
  server.on('request', (request, response) => {
    void answer(web, url, request, response);
  });
  return {
    url,
    web,
    cutConnections: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(web: Web, url: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const request = new Request(new URL(incoming.url ?? '/', url), {
    method: incoming.method ?? 'GET',
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]) as [
      string,
      string,
    ][],
    signal: gone.signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
  } as RequestInit);
  const response = await route(web, request);
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  outgoing.setHeader('set-cookie', response.headers.getSetCookie());
  outgoing.writeHead(response.status);
  if (response.body === null) {
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(response.body as never), outgoing).catch(() => undefined);
}

async function route(web: Web, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/api/trpc/')) return handleTrpc(request, web);
  const exporting = /^\/api\/orgs\/([^/]+)\/export$/.exec(pathname)?.[1];
  if (exporting !== undefined) return handleExport(request, web, decodeURIComponent(exporting));
  const evidence = /^\/api\/orgs\/([^/]+)\/evidence$/.exec(pathname)?.[1];
  if (evidence !== undefined) return handleEvidence(request, web, decodeURIComponent(evidence));
  const auth = authOf(web);
  if (pathname === '/api/sign-in/confirm') return confirmSignIn(request, auth.options(null), auth.publicUrl);
  if (pathname.startsWith('/api/auth/')) return handleAuth(request, auth);
  return new Response(`page ${pathname}`, { status: 200 });
}
