import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Seen = { path: string; headers: IncomingHttpHeaders; body: Record<string, unknown> };
export type Answer = (response: ServerResponse) => void;
export type HttpDouble = {
  baseUrl: string;
  seen: Seen[];
  next(...answers: Answer[]): void;
  forget(): void;
  stop(): Promise<void>;
};

const noAnswerLeft: Answer = (response) => {
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { type: 'api_error', message: 'The double has no answer left.' } }));
};

/** A model provider on loopback, with answers given one by one; 500 when there is none left. */
export async function httpDouble(): Promise<HttpDouble> {
  const seen: Seen[] = [];
  const answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    seen.push({ path: request.url ?? '', headers: request.headers, body });
    const answer = answers.shift() ?? noAnswerLeft;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    seen,
    next: (...given) => answers.push(...given),
    forget: () => void answers.splice(0),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
