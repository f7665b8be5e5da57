import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directEgress, type EgressSettings } from '../../egress/settings.ts';

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };
export type Answer = number | ((response: ServerResponse, got: Received) => void);

/** A server that keeps what it gets and answers as it is told, 204 unless it is. `settings`: those of an operator who vouches for it. */
export async function openReceiver() {
  const got: Received[] = [];
  const state: { answer: Answer } = { answer: 204 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const received = { path: request.url ?? '', headers: request.headers, body };
      got.push(received);
      if (typeof state.answer === 'number') response.writeHead(state.answer).end();
      else state.answer(response, received);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const settings: EgressSettings = {
    ...directEgress,
    internalHosts: ['hooks.internal'],
    resolve: async () => ['127.0.0.1'],
  };
  return {
    got,
    settings,
    url: `http://hooks.internal:${port}/in`,
    port,
    answer: (answer: Answer) => void (state.answer = answer),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
