import { request } from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { publicLookup, refusePrivate } from '../egress/public-lookup.ts';

/**
 * A fetch for base URLs that a tenant typed: https to public addresses only, and no redirects, which could lead anywhere.
 * Node's own fetch cannot be told which addresses it may connect to.
 */
export function guardedFetch(): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    refusePrivate(url);
    const body = asked.body === null ? null : Buffer.from(await asked.arrayBuffer());
    return new Promise((resolve, reject) => {
      const { method, signal } = asked;
      const headers = Object.fromEntries(asked.headers);
      const call = request(url, { method, headers, signal, lookup: publicLookup }, (answer) => {
        const given = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
          values.map((value): [string, string] => [name, value]),
        );
        const status = answer.statusCode ?? 502;
        const empty = status === 204 || status === 304;
        if (empty) answer.resume();
        const stream = empty ? null : (Readable.toWeb(answer) as WebStream<Uint8Array> as ReadableStream<Uint8Array>);
        resolve(new Response(stream, { status, headers: given }));
      });
      call.once('error', reject);
      call.end(body);
    });
  };
}
