import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answering, used } from './child.ts';

// The floor: writes the same bytes to everybody who is connected, and does nothing else.

const everybody = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  everybody.add(response);
  response.on('close', () => everybody.delete(response));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

type Question = { pour: number; aSecond: number; data: string } | 'used';

async function pour({ pour: events, aSecond, data }: Exclude<Question, 'used'>): Promise<void> {
  const began = performance.now();
  for (let n = 1; n <= events; n += 1) {
    const message = `id: ${n}\ndata: ${data}\n\n`;
    for (const one of everybody) one.write(message);
    await sleep(Math.max(0, began + (n * 1_000) / aSecond - performance.now()));
  }
}

answering((question: Question) => (question === 'used' ? used() : pour(question)));
