import http from 'node:http';
import https from 'node:https';
import { canonicalJson } from './canonical-json.ts';
import { limits } from './options.ts';
import { signBody, verifyBody } from './signature.ts';

/** What came of a request to the worker. */
export type Reply =
  /** The worker's own, signed answer. */
  | { kind: 'answered'; status: number; headers: http.IncomingHttpHeaders; body: string }
  /** Nobody who holds the signing key took the request: nothing was run. */
  | { kind: 'unreached'; why: string }
  /** It was taken and broken off: something may have been run. */
  | { kind: 'lost'; why: string }
  /** It took too long or answered too much: the function's own fault. */
  | { kind: 'failed'; why: string };

export type Poster = {
  post(request: { url: string; runId: string; body: unknown }): Promise<Reply>;
  /** Breaks off every call in flight. */
  abort(): void;
};

// Room for the largest step result twice over: it comes JSON-encoded and with the op around it.
const answerBytes = limits.stepBytes * 2 + 64 * 1024;

/**
 * Signed calls over node:http, which, unlike fetch, waits for an answer's headers as long as the function runs.
 * `timeoutMs` is the longest a call may take.
 */
export function createPoster(key: { signingKey: string; now: () => Date; timeoutMs: number }): Poster {
  const inFlight = new Set<http.ClientRequest>();
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) };
  return {
    async post({ url, runId, body }) {
      const text = canonicalJson(body);
      const target = new URL(url);
      const secure = target.protocol === 'https:';
      const request = (secure ? https : http).request(target, {
        method: 'POST',
        agent: agents[secure ? 'https:' : 'http:'],
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          'x-run-id': runId,
          'x-inngest-signature': signBody(text, key.signingKey, key.now()),
        },
      });
      inFlight.add(request);
      const overrun = setTimeout(
        () => request.destroy(new Overrun(`no answer after ${key.timeoutMs} ms`)),
        key.timeoutMs,
      );
      try {
        return await exchange(request, { text, connected: secure ? 'secureConnect' : 'connect', key });
      } finally {
        clearTimeout(overrun);
        inFlight.delete(request);
      }
    },
    abort() {
      inFlight.forEach((request) => request.destroy(new Error('the engine is stopping')));
      Object.values(agents).forEach((agent) => agent.destroy());
    },
  };
}

class Overrun extends Error {}

type Exchange = { text: string; connected: string; key: { signingKey: string; now: () => Date } };

function exchange(request: http.ClientRequest, { text, connected, key }: Exchange): Promise<Reply> {
  return new Promise((resolve) => {
    let sent = false;
    const broken = (error: Error) => {
      if (error instanceof Overrun) resolve({ kind: 'failed', why: error.message });
      else resolve({ kind: sent ? 'lost' : 'unreached', why: explain(error) });
    };
    request.once('socket', (socket) => {
      if (!socket.connecting) sent = true;
      else socket.once(connected, () => (sent = true));
    });
    request.on('error', broken);
    request.once('response', (response) => {
      readText(response).then((body) => resolve(check(response, body, key)), broken);
    });
    request.end(text);
  });
}

async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > answerBytes) throw new Overrun(`the answer is larger than ${answerBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function check(response: http.IncomingMessage, body: string, key: { signingKey: string; now: () => Date }): Reply {
  const header = response.headers['x-inngest-signature'];
  const signature = Array.isArray(header) ? header[0] : header;
  const status = response.statusCode ?? 0;
  if (verifyBody(body, signature, { signingKey: key.signingKey, now: key.now() })) {
    return { kind: 'answered', status, headers: response.headers, body };
  }
  const keys = status === 401 ? ' It refused our signature: do both sides have the same INNGEST_SIGNING_KEY?' : '';
  return { kind: 'unreached', why: `Status ${status} without a valid signature.${keys}` };
}

function explain(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : `${code}: ${error.message}`;
}
