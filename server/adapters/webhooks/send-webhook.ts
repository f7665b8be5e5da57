import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SendWebhook, WebhookAnswer, WebhookRequest } from '../../domain/ports/send-webhook.ts';
import { dial, lookUp, secure } from '../egress/dial.ts';
import { vouchedHosts, type EgressSettings } from '../egress/settings.ts';

const mostText = 2_000;
const standardTimeoutMs = 15_000;
const noWeakness = {};

/**
 * Sends over the installation's way out: to public addresses, or to hosts the operator vouches for, which alone may be called without
 * TLS. The name is looked up once; redirects are answers.
 */
export function webhookSender(settings: EgressSettings, { timeoutMs = standardTimeoutMs } = {}): SendWebhook {
  return async (asked) => {
    const given = AbortSignal.timeout(timeoutMs);
    const late = new Promise<WebhookAnswer>((resolve) => {
      given.addEventListener('abort', () =>
        resolve({ kind: 'unsent', why: `It did not answer in ${timeoutMs / 1000} s` }),
      );
    });
    const sent = post(settings, asked, given).catch((error: unknown): WebhookAnswer => {
      return { kind: 'unsent', why: error instanceof Error ? error.message : String(error) };
    });
    return Promise.race([sent, late]);
  };
}

async function post(settings: EgressSettings, asked: WebhookRequest, signal: AbortSignal): Promise<WebhookAnswer> {
  const url = new URL(asked.url);
  const socket = await open(settings, url);
  if (signal.aborted) socket.destroy();
  try {
    const answer = await ask(socket, { ...asked, url }, signal);
    const text = await beginningOf(answer);
    const { statusCode = 0, headers } = answer;
    return { kind: 'answered', status: statusCode, retryAfter: headers['retry-after'] ?? null, text };
  } finally {
    socket.destroy();
  }
}

async function open(settings: EgressSettings, url: URL): Promise<Duplex> {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const isSecure = url.protocol === 'https:';
  if (!isSecure && !vouchedHosts(settings).has(host)) {
    throw new Error(`${host} may not be called without encryption. Use https`);
  }
  const dialling = { settings, weakness: noWeakness };
  const way = await lookUp(dialling, { host, port: Number(url.port || (isSecure ? 443 : 80)) });
  const socket = await dial(dialling, way);
  return isSecure ? secure(settings, socket, host) : socket;
}

type Asking = Omit<WebhookRequest, 'url'> & { url: URL };

function ask(socket: Duplex, { url, headers, body }: Asking, signal: AbortSignal): Promise<IncomingMessage> {
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const call = request({
      createConnection: () => socket,
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, 'content-length': bytes.length, connection: 'close' },
      setHost: false,
      signal,
    });
    call.on('error', reject).once('response', resolve);
    call.end(bytes);
  });
}

/** No more than is shown: an answer may have no end. */
async function beginningOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length >= mostText) break;
  }
  return text.slice(0, mostText);
}
