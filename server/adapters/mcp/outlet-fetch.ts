import type { FetchLike } from '@modelcontextprotocol/client';
import { Readable } from 'node:stream';
import type { Outlet } from '../../domain/ports/web.ts';
import { mostMessageBytes } from './limits.ts';

const { signal: never } = new AbortController();
const withoutBody = [101, 204, 205, 304];

async function* capped(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostMessageBytes) throw new Error(`it answered with more than ${mostMessageBytes / 2 ** 20} MiB`);
    yield chunk;
  }
}

/** `fetch` over a run's way out. No stream is kept open to a server between calls: it is told that there is none. */
export function outletFetch(outlet: Outlet): FetchLike {
  return async (address, init = {}) => {
    const method = init.method ?? 'GET';
    if (method === 'GET') return new Response(null, { status: 405 });
    const headers = { ...Object.fromEntries(new Headers(init.headers)), 'accept-encoding': 'identity' };
    const body = typeof init.body === 'string' ? { body: Buffer.from(init.body) } : {};
    const answer = await outlet.send({ url: String(address), method, headers, ...body, signal: init.signal ?? never });
    if (answer.kind === 'refused') throw new Error(answer.text);
    const { status } = answer;
    const stream = withoutBody.includes(status) ? null : Readable.toWeb(Readable.from(capped(answer.body)));
    return new Response(stream as ReadableStream | null, { status, headers: answer.headers });
  };
}
