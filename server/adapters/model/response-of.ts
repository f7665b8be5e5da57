import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';

/** What a server answered, as fetch gives it. Throws for a status that no `Response` can have: servers send what they like. */
export function responseOf(answer: IncomingMessage): Response {
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const status = answer.statusCode ?? 502;
  const empty = [204, 205, 304].includes(status);
  const body = empty ? null : (Readable.toWeb(answer) as WebStream<Uint8Array> as ReadableStream<Uint8Array>);
  if (empty) answer.resume();
  try {
    return new Response(body, { status, headers });
  } catch (error) {
    answer.destroy();
    throw new Error(`The server answered with the status ${status}, which there is none of.`, { cause: error });
  }
}
