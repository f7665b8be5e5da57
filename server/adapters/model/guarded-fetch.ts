import { lookup } from 'node:dns';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { isPublicAddress } from '../egress/addresses.ts';

/** Why an address a tenant typed is not called. */
export class NotPublicError extends Error {}

const notPublic = (host: string) =>
  new NotPublicError(`${host} does not lead to a public address. Only the operator may connect a provider there.`);

/** Looks a name up and hands on only what was looked at: a name that leads elsewhere a moment later changes nothing. */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '', 0);
    const [first] = addresses;
    if (!first || addresses.some(({ address }) => !isPublicAddress(address))) return done(notPublic(host), '', 0);
    return options.all ? done(null, addresses) : done(null, first.address, first.family);
  });
};

/** Refuses what is not https, and a private address in figures, which no look-up would see. */
export function refusePrivate(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:' || (isIP(host) && !isPublicAddress(host))) throw notPublic(host);
}

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
