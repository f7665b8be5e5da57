import { readFileSync, readdirSync } from 'node:fs';
import type { NetworkPolicy } from '../../server/domain/network/network-policy.ts';
import type { Case } from '../case.ts';
import type { EgressPlace } from '../places/egress-place.ts';
import { python } from '../places/sandbox-place.ts';
import { bad, fetches, forbidden, honest, request, say, sayCase, type Bytes } from '../places/say.ts';

const allowing = (host: string, port: number): NetworkPolicy => ({ registries: [], rules: [{ host, ports: [port] }] });

const narrowly =
  (method: string, path: string, more = ''): Bytes =>
  ({ port }) =>
    request(`http://narrow.test:${port}${path}`, `narrow.test:${port}`, { method, more });
/** Behind a tunnel to that host, without TLS. */
const inTunnel =
  (bytes: Bytes): Bytes =>
  (place) =>
    `CONNECT narrow.test:${place.port} HTTP/1.1\r\n\r\n${bytes(place)}`;
const notOpened = 'no_rule: the rules for narrow.test do not open this method and path';
const readsOpen = fetches('read what the rule opens', ({ port }) => `http://narrow.test:${port}/open/x`);

const throughAllowed: Case<EgressPlace>[] = [
  sayCase({
    id: 'other-method',
    tries: 'write to a host that may be read',
    bytes: narrowly('POST', '/open/x', 'Content-Length: 0\r\n'),
    answer: forbidden,
    denial: notOpened,
    twin: readsOpen,
  }),
  sayCase({
    id: 'other-path',
    tries: 'read what the rule does not open',
    bytes: narrowly('GET', '/shut'),
    answer: forbidden,
    denial: notOpened,
    twin: readsOpen,
  }),
  sayCase({
    id: 'path-traversal',
    tries: 'leave the opened folder by encoded dots',
    bytes: narrowly('GET', '/open/%2e%2e/shut'),
    answer: forbidden,
    denial: notOpened,
    twin: readsOpen,
  }),
  sayCase({
    id: 'push-elsewhere',
    tries: 'push to a code host that may be fetched from',
    bytes: narrowly('POST', '/open/r.git/git-receive-pack', 'Content-Length: 0\r\n'),
    answer: forbidden,
    denial: notOpened,
    twin: readsOpen,
  }),
  sayCase({
    id: 'blind-tunnel',
    tries: 'hide requests to it in a tunnel that is not encrypted',
    bytes: inTunnel(({ port }) =>
      request('/shut', `narrow.test:${port}`, { method: 'POST', more: 'Content-Length: 0\r\n' }),
    ),
    answer: /^exited 0\nHTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 403 .*Fleet refused this request/su,
    denial: notOpened,
    twin: readsOpen,
  }),
  sayCase({
    id: 'address-in-tunnel',
    tries: 'name another address inside the tunnel than the one that was opened',
    bytes: inTunnel(narrowly('POST', '/shut')),
    answer: /^exited 0\nHTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 400 /u,
    denial: 'malformed: the request in the tunnel names no plain path',
    twin: readsOpen,
  }),
  sayCase({
    id: 'other-host-header',
    tries: 'ask an allowed address for another host',
    bytes: ({ port }) => request(`http://allowed.test:${port}/`, `evil.test:${port}`),
    answer: bad,
    denial: 'malformed: the Host header and the address of the request do not agree',
  }),
  sayCase({
    id: 'smuggled-request',
    tries: 'smuggle a request behind an allowed one by two lengths',
    bytes: ({ port }) =>
      request(`http://allowed.test:${port}/`, `allowed.test:${port}`, {
        method: 'POST',
        more: 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      }),
    answer: bad,
    denial: 'malformed: no readable request',
  }),
  {
    id: 'smuggled-body',
    tries: 'have the body of an allowed request sent without its length, as a request of its own',
    attack: ({ confined, port }) => {
      const smuggled = `POST /shut HTTP/1.1\r\nHost: narrow.test:${port}\r\nContent-Length: 0\r\n\r\n`;
      const more = `Connection: content-length\r\nContent-Length: ${smuggled.length}\r\n`;
      const head = request(`http://narrow.test:${port}/open/x`, `narrow.test:${port}`, { more });
      return confined.run(say(head + smuggled));
    },
    // All of it is the body of the one request.
    answer: /^exited 0\nHTTP\/1\.1 200 OK[^]*x-body: [1-9]\d/u,
    twin: readsOpen,
  },
  sayCase({
    id: 'second-request',
    tries: 'ask for another host on a connection that has been let through',
    bytes: ({ port }) => {
      const first = `GET http://allowed.test:${port}/ HTTP/1.1\r\nHost: allowed.test:${port}\r\n\r\n`;
      return `${first}${request(`http://evil.test:${port}/`, `evil.test:${port}`)}`;
    },
    answer: /200 OK.*HTTP\/1\.1 403 /su,
    denial: 'no_rule: no rule opens evil.test',
  }),
  {
    id: 'redirect',
    tries: 'be led elsewhere by an allowed host',
    attack: ({ confined, port }) => confined.run(`curl -sSL -m 10 http://allowed.test:${port}/away`),
    answer: /Fleet refused this request: no rule opens evil\.test/u,
    denial: 'no_rule: no rule opens evil.test',
    twin: honest,
  },
  {
    id: 'credential-elsewhere',
    tries: 'have a secret put into a request to another host',
    attack: ({ confined, port }) =>
      confined.run(`curl -sS -m 10 -H 'X-Key: FLEET_SECRET_1' http://allowed.test:${port}/`),
    answer: /^exited 0\necho \/ FLEET_SECRET_1 14\n$/u,
    twin: {
      does: 'have it put into a request to its own host, and not see it there either',
      run: ({ confined, port }) =>
        confined.run(`curl -sS -m 10 -H 'X-Key: FLEET_SECRET_1' http://narrow.test:${port}/open/k`),
      answer: /^exited 0\necho \/open\/k FLEET_SECRET_1 31\n$/u,
    },
  },
];

const around = (port: number, udp: number) =>
  python(`
import socket
for what, family, kind, address in (("tcp", 2, 1, ("127.0.0.1", ${port})), ("outward", 2, 1, ("1.1.1.1", 443)), ("ipv6", 10, 1, ("::1", ${port})), ("udp", 2, 2, ("127.0.0.1", ${udp})), ("dns", 2, 2, ("8.8.8.8", 53))):
  s = socket.socket(family, kind); s.settimeout(2)
  try: s.connect(address); s.send(b"canary"); s.recv(9); print(what, "went well")
  except OSError as e: print(what, "held")
try: socket.gethostbyname("allowed.test"); print("name went well")
except OSError: print("name held")`);

/** What stands behind a layer, looked at with the layer gone, and with something that would be no harm. */
const secondLayers: Case<EgressPlace>[] = [
  {
    id: 'behind-the-rules',
    tries: 'reach a host that no rule names where the rules let everything go',
    async attack({ openOther, port }) {
      const confined = await openOther(allowing('allowed.test', port), { unruled: true });
      return confined.run(`curl -sS -m 10 http://named-nowhere.test:${port}/`);
    },
    answer: /^exited 0\nFleet refused this request: the list drawn up from the rules/u,
    denial: 'no_rule: the list drawn up from the rules does not hold named-nowhere.test',
    twin: honest,
  },
  {
    id: 'behind-the-look',
    tries: 'be led inwards where nobody looks at what a name stands for',
    async attack({ openOther, port }) {
      const confined = await openOther(allowing('near.test', port), { unlooked: true });
      return confined.run(`curl -sS -m 10 http://near.test:${port}/`);
    },
    answer: /^exited 0\nFleet refused this request: 127\.0\.0\.1 may not be connected to/u,
    denial: 'private_address: 127.0.0.1 may not be connected to',
    twin: honest,
  },
];

const wholeWays: Case<EgressPlace>[] = [
  {
    id: 'around-the-proxy',
    tries: 'leave beside the proxy: TCP, UDP, IPv6, DNS',
    attack: ({ confined, canaries }) => confined.run(around(canaries.tcp4, canaries.udp)),
    answer: /^exited 0\n(?:\w+ held\n){6}$/u,
    twin: honest,
  },
  {
    id: 'proxy-ignored',
    tries: 'reach an allowed host without the proxy',
    attack: ({ confined, port }) => confined.run(`curl -sS --noproxy '*' -m 5 http://allowed.test:${port}/ 2>&1`),
    answer: /Could not resolve host/u,
    twin: honest,
  },
  {
    id: 'empty-list',
    tries: 'reach anything where the list is empty',
    async attack({ openOther, canaries, port }) {
      const confined = await openOther({ registries: [], rules: [] });
      const said = await confined.run(`${say(request(`http://allowed.test:${port}/`, `allowed.test:${port}`))} 2>&1`);
      return `${said}${await confined.run(around(canaries.tcp4, canaries.udp))}`;
    },
    answer: /Connection refused[^]*exited 0\n(?:\w+ held\n){6}$/u,
    twin: honest,
  },
  {
    id: 'proxy-dead',
    tries: 'get out once the proxy is gone',
    async attack({ openOther, port, canaries }) {
      const before = forwarders();
      const other = await openOther(allowing('allowed.test', port));
      for (const pid of forwarders().filter((one) => !before.includes(one))) process.kill(pid, 'SIGKILL');
      const commands = [`curl -sS -m 5 http://allowed.test:${port}/ 2>&1`, around(canaries.tcp4, canaries.udp)];
      const said: string[] = [];
      for (const command of commands) said.push(await other.run(command).catch(({ code }) => `${String(code)}\n`));
      return said.join('');
    },
    // Its end may be seen by a command or by the sandbox, which then opens no more worlds.
    answer: /^(?![^]*(?:went well|echo \/))(?:exited [1-9]|killed|sandbox_unavailable)/u,
    twin: honest,
  },
  {
    id: 'log-gone',
    tries: 'get out while nothing can be written down',
    async attack({ confined, port, log }) {
      log.gone = true;
      const said = await confined.run(`curl -sS -m 10 http://allowed.test:${port}/unwritten`);
      log.gone = false;
      await log.flush();
      return said;
    },
    answer: /^exited 0\nFleet refused this request: it could not be written down/u,
    denial: 'unrecorded: it could not be written to the log',
    twin: honest,
  },
];

/** Host ids of the processes of this one that lead a sandbox's loopback to its proxy. */
function forwarders(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => textOf(pid, 'cmdline').startsWith('socat\0') && isOurs(pid));
}

function isOurs(pid: number): boolean {
  const parent = Number(/^PPid:\s*(\d+)/mu.exec(textOf(pid, 'status'))?.[1] ?? 0);
  return parent === process.pid || (parent > 1 && isOurs(parent));
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** A sandbox with a proxy: what it may not be brought to let out. */
export const egressCases: Case<EgressPlace>[] = [
  ...throughAllowed,
  sayCase({
    id: 'other-protocol',
    tries: 'speak another protocol to the proxy',
    bytes: () => '\x05\x01\x00\x05\x01\x00\x03\x09evil.test\x00\x50',
    answer: bad,
    denial: 'malformed: no readable request',
  }),
  ...wholeWays,
  ...secondLayers,
];
