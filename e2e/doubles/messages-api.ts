import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type MessagesApi = { url: string; close(): void };

/** The only key this provider knows. */
export const goodKey = 'sk-ant-e2e-good-0123456789';

/** The part of the provider's API that a key is tried on: it knows one key and refuses the others. */
export async function messagesApi(): Promise<MessagesApi> {
  const server = createServer((request, response) => {
    const known = request.headers['x-api-key'] === goodKey;
    const body = known
      ? { data: [], has_more: false }
      : { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } };
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
