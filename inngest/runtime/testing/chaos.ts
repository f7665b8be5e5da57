import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dice } from '../../../server/domain/dice.ts';

const faults = ['none', 'none', 'rate_limited', 'overloaded', 'cut', 'malformed'] as const;
type ChaosFault = (typeof faults)[number];

const answers = {
  rate_limited: { status: 429, error: 'rate_limit_error' },
  overloaded: { status: 529, error: 'overloaded_error' },
} as const;

function refuse(response: ServerResponse, fault: 'rate_limited' | 'overloaded'): void {
  const { status, error } = answers[fault];
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
  response.end(JSON.stringify({ type: 'error', error: { type: error, message: `chaos: ${fault}` } }));
}

/**
 * A model provider that has bad days: stands before the real double and, as the seed says, answers 429 or 529, cuts the
 * stream off in its middle, or spoils it. Never more than three times in a row. `journal` is what it did, in order.
 */
export async function chaosBefore(target: string, { seed, journal }: { seed: number; journal: string[] }) {
  const roll = dice(seed);
  let inRow = 0;
  const draw = (): ChaosFault => {
    const fault = inRow >= 3 ? 'none' : faults[Math.floor(roll() * faults.length)]!;
    inRow = fault === 'none' ? 0 : inRow + 1;
    journal.push(fault);
    return fault;
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void answer(Buffer.concat(parts)).catch(() => response.destroy()));
    const answer = async (body: Buffer) => {
      const fault = draw();
      if (fault === 'rate_limited' || fault === 'overloaded') return refuse(response, fault);
      const headers = {
        'content-type': 'application/json',
        'x-api-key': 'scripted',
        'anthropic-version': '2023-06-01',
      };
      const real = await fetch(`${target}${request.url ?? ''}`, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
      });
      const text = await real.text();
      response.writeHead(real.status, { 'content-type': real.headers.get('content-type') ?? 'text/plain' });
      if (fault === 'cut') {
        response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
        return;
      }
      response.end(fault === 'malformed' ? text.replace(/"partial_json":"[^"]*"/, '"partial_json":{{{') : text);
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    stop: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}
