import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type KeyGate = {
  baseUrl: string;
  /** What reached it, in order. */
  asked: { key: string; model: string }[];
  /** Calls that a key may still make; one that is not named is refused. */
  left: Record<string, number>;
  stop(): Promise<void>;
};

/** A model provider that knows its keys: stands before the real double and answers 401 to any other. */
export async function keyGate(target: string): Promise<KeyGate> {
  const asked: KeyGate['asked'] = [];
  const left: KeyGate['left'] = {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const key = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    asked.push({ key, model: String((JSON.parse(body.toString('utf8')) as { model: unknown }).model) });
    left[key] = (left[key] ?? 0) - 1;
    if (left[key] < 0) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }),
      );
      return;
    }
    const headers = { 'content-type': 'application/json', 'x-api-key': 'scripted', 'anthropic-version': '2023-06-01' };
    const real = await fetch(`${target}${request.url ?? ''}`, { method: 'POST', headers, body: new Uint8Array(body) });
    const text = await real.text();
    response.writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? 'text/plain' });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    asked,
    left,
    stop: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}
