import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventError } from './ingest.ts';
import { limits } from './options.ts';
import type { EngineLog } from './options.ts';
import { RegistrationError } from './registration.ts';
import { registrationBearer, sameText } from './signature.ts';

/** What the server does with requests it has let in. */
export type Doors = {
  /** Returns the events' ids. Throws EventError. */
  takeEvents(body: unknown, seed: string | undefined): Promise<string[]>;
  /** True when it changed what was registered. Throws RegistrationError. */
  register(body: unknown): Promise<boolean>;
  health(): Promise<Record<string, unknown>>;
};
type ServerOptions = { host: string; port: number; eventKey: string; signingKey: string; log: EngineLog };
type Answer = { status: number; body: Record<string, unknown> };

class BadRequest extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Listens for events, registrations and health checks. `close` ends idle connections and waits for the others. */
export async function startServer(doors: Doors, options: ServerOptions) {
  const server = http.createServer((request, response) => {
    answer(request, doors, options)
      .catch((error: unknown) => refuse(error, options.log))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
  });
  // A client that keeps a connection longer than Node's default 5 s saves itself a handshake per event.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port,
    url: `http://${host}:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function answer(request: http.IncomingMessage, doors: Doors, options: ServerOptions): Promise<Answer> {
  const pathname = request.url?.split('?')[0] ?? '/';
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /health') return { status: 200, body: await doors.health() };
  if (route === 'POST /fn/register') {
    if (!sameText(request.headers.authorization ?? '', registrationBearer(options.signingKey))) {
      throw new BadRequest(401, 'The signing key is not the one of this engine.');
    }
    const modified = await doors.register(await readJson(request, limits.registrationBytes));
    return { status: 200, body: { ok: true, status: 200, modified, skipped: false } };
  }
  if (request.method === 'POST' && pathname.startsWith('/e/')) {
    if (!sameText(pathname.slice('/e/'.length), options.eventKey)) {
      throw new BadRequest(401, 'The event key is not the one of this engine.');
    }
    const seed = request.headers['x-inngest-event-id-seed'];
    const body = await readJson(request, limits.eventBytes);
    return {
      status: 200,
      body: { ids: await doors.takeEvents(body, Array.isArray(seed) ? seed[0] : seed), status: 200 },
    };
  }
  throw new BadRequest(404, `The embedded engine has no ${route}.`);
}

async function readJson(request: http.IncomingMessage, most: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read to its end even when it is too large: breaking off would cut the connection before the sender hears why.
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= most) chunks.push(chunk as Buffer);
  }
  if (size > most) throw new BadRequest(413, `The body is larger than ${most} bytes.`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BadRequest(400, 'The body is not JSON.');
  }
}

function refuse(error: unknown, log: EngineLog): Answer {
  if (error instanceof EventError || error instanceof RegistrationError) return { status: 400, body: says(400, error) };
  if (error instanceof BadRequest) return { status: error.status, body: says(error.status, error) };
  log.error({ error: String(error) }, 'request failed');
  return { status: 500, body: { status: 500, error: 'The engine could not do this now. Try again.' } };
}

function says(status: number, error: Error): Record<string, unknown> {
  return { status, error: error.message };
}
