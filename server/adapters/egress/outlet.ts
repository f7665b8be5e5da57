import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { duplexPair } from 'node:stream';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import type { SandboxEgress } from '../../domain/ports/sandbox.ts';
import type { Outlet, WebAnswer, WebRequest } from '../../domain/ports/web.ts';
import { absoluteTarget, forward } from './forward.ts';
import { DialError } from './dial.ts';
import { attempt, makeGate, refusalText, type Gate } from './gate.ts';
import type { EgressSettings } from './settings.ts';

const mostRefusalBytes = 4 * 1024;

/**
 * The proxy of a run for requests that this process makes for it: the same code decides, dials and records, over a pair
 * of streams instead of a socket, so that nothing else can reach it.
 */
export function openOutlet({ egress, settings }: { egress: SandboxEgress; settings: EgressSettings }): Outlet {
  return {
    policy: egress.policy,
    async send(request) {
      if (!/^https?:\/\/[\x21-\x7e]+$/iu.test(request.url))
        return await unreadable(makeGate({ egress, settings, authority: null }), request);
      const told: { refusal: NetworkRequest['refusal'] } = { refusal: null };
      const record = async (seen: NetworkRequest) => {
        told.refusal = seen.refusal ?? 'unrecorded';
        await egress.record(seen);
        told.refusal = seen.refusal;
      };
      const answer = await ask({ ...egress, record }, settings, request);
      const { refusal } = told;
      if (refusal !== null) return { kind: 'refused', refusal, text: await textOf(answer) };
      return { kind: 'answered', status: answer.statusCode ?? 502, headers: headersOf(answer), body: answer };
    },
  };
}

/** What no request could carry is refused here, and written down like the rest. */
async function unreadable(gate: Gate, { url, method }: WebRequest): Promise<WebAnswer> {
  const host = url.replaceAll(/[^\x21-\x7e]/gu, '?');
  const error = new DialError('malformed', 'it is no whole http or https address');
  await attempt(gate, { method, place: { host, port: 0 }, path: null }).refused(error.refusal, error.message);
  return { kind: 'refused', refusal: error.refusal, text: refusalText(error).trim() };
}

function ask(egress: SandboxEgress, settings: EgressSettings, request: WebRequest): Promise<IncomingMessage> {
  const { url, method, headers, body, signal } = request;
  const [near, far] = duplexPair();
  const gate = makeGate({ egress, settings, authority: null });
  const proxy = createServer({ maxHeaderSize: 65_536, requireHostHeader: false }, (message, response) => {
    void forward(gate, { request: message, response, find: () => absoluteTarget(gate, message.url ?? '') });
  });
  far.once('error', () => far.destroy());
  proxy.emit('connection', far);
  return new Promise((resolve, reject) => {
    const length = body ? { 'content-length': String(body.length) } : {};
    const sent = httpRequest({
      createConnection: () => near,
      method,
      path: url,
      headers: { ...headers, ...length, host: hostOf(url) },
      setHost: false,
      maxHeaderSize: 65_536,
      signal,
    });
    sent.once('error', reject).once('response', (answer) => {
      answer.once('close', () => near.destroy());
      resolve(answer);
    });
    sent.end(body);
  });
}

/** As the address has it; what is no address is for the proxy to refuse. */
function hostOf(url: string): string {
  return /^https?:\/\/([^/?#\\]*)/iu.exec(url)?.[1] ?? '';
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  return headers;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return text.slice(0, mostRefusalBytes).trim();
}
