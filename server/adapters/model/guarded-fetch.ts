import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { publicLookup, refusePrivate } from '../egress/public-lookup.ts';
import { responseOf } from './response-of.ts';

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
    const { method, signal } = asked;
    const headers = Object.fromEntries(asked.headers);
    return responseOf(await answerTo(url, { method, headers, signal, lookup: publicLookup }, body));
  };
}

function answerTo(url: URL, options: RequestOptions, body: Buffer | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(url, options, resolve);
    // Every one: what is broken may be so once more behind an answer, and an error nobody hears ends the process.
    call.on('error', reject);
    call.end(body);
  });
}
