import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dice } from '../../../server/domain/dice.ts';
import { compactionRequest } from '../../../server/domain/transcript/notices.ts';

const faults = ['none', 'none', 'rate_limited', 'overloaded', 'cut', 'malformed', 'arguments'] as const;
type ChaosFault = (typeof faults)[number] | 'too_long';

const summaryWords = JSON.stringify(compactionRequest()).slice(1, -1);

/** What comes as a reply: the agent has it, and goes on from it. */
export const isReply = (fault: string) => fault === 'none' || fault === 'arguments';

const answers = {
  rate_limited: { status: 429, error: 'rate_limit_error' },
  overloaded: { status: 529, error: 'overloaded_error' },
  too_long: { status: 400, error: 'invalid_request_error' },
} as const;

const isRefusal = (fault: ChaosFault): fault is keyof typeof answers => fault in answers;

function refuse(response: ServerResponse, fault: keyof typeof answers): void {
  const { status, error } = answers[fault];
  const message = fault === 'too_long' ? 'prompt is too long: 200001 tokens > 200000 maximum' : `chaos: ${fault}`;
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
  response.end(JSON.stringify({ type: 'error', error: { type: error, message } }));
}

/** What the provider said as this fault leaves it. */
function spoiled(text: string, fault: ChaosFault): string {
  if (fault === 'malformed') return text.replace(/"partial_json":"[^"]*"/, '"partial_json":{{{');
  return fault === 'arguments' ? text.replace(/"partial_json":"(?:[^"\\]|\\.)*"/, '"partial_json":"{half "') : text;
}

/**
 * A model provider that has bad days: stands before the real double and, as the seed says, answers 429 or 529, cuts the
 * stream off in its middle, spoils it, or spoils what a call comes with. Never more than three times in a row. Once in a
 * conversation of some length, for sure, a call's arguments are spoiled and the prompt is too long, in the seed's order.
 * `journal` is what it did.
 */
export async function chaosBefore(target: string, { seed, journal }: { seed: number; journal: string[] }) {
  const roll = dice(seed);
  let inRow = 0;
  const due: ChaosFault[] = roll() < 0.5 ? ['arguments', 'too_long'] : ['too_long', 'arguments'];
  const draw = (body: string): ChaosFault => {
    const drawn = inRow >= 3 ? 'none' : faults[Math.floor(roll() * faults.length)]!;
    const isSummary = body.includes(summaryWords);
    const sure = inRow < 3 && !isSummary && body.includes('"role":"assistant"') ? due.shift() : undefined;
    // A summary calls nothing whose arguments could be spoiled.
    const fault = sure ?? (isSummary && drawn === 'arguments' ? 'none' : drawn);
    inRow = fault === 'none' ? 0 : inRow + 1;
    journal.push(fault);
    return fault;
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void answer(Buffer.concat(parts)).catch(() => response.destroy()));
    const answer = async (body: Buffer) => {
      const fault = draw(body.toString());
      if (isRefusal(fault)) return refuse(response, fault);
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
      response.end(spoiled(text, fault));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    stop: () => new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections())),
  };
}
