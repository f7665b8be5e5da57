import type { NetworkPolicy } from '../network/network-policy.ts';
import type { NetworkRequest } from '../network/network-request.ts';

export type WebRequest = {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: Uint8Array;
  signal: AbortSignal;
};

/** `refused`: it was not sent; `text` says by which rule. A redirect is an answer like any other. */
export type WebAnswer =
  | { kind: 'refused'; refusal: NonNullable<NetworkRequest['refusal']>; text: string }
  | { kind: 'answered'; status: number; headers: Headers; body: AsyncIterable<Uint8Array> };

/**
 * The way out for what a run does outside its sandbox. Every request is decided by `policy` and written down, like those
 * of the sandbox. `send` throws when the connection breaks or the signal is aborted.
 */
export type Outlet = { policy: NetworkPolicy; send(request: WebRequest): Promise<WebAnswer> };

/** Turns a page of HTML into Markdown. Throws when that takes too long or too much. */
export type ReadPage = (html: string, options: { url: string; signal: AbortSignal }) => Promise<string>;

export type Web = Outlet & { readPage: ReadPage };
