import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { networkOutbox, type NetworkOutbox } from '../../inngest/runtime/network-outbox.ts';
import type { EgressWeakness } from '../../server/adapters/egress/weakness.ts';
import { directEgress, type EgressSettings } from '../../server/adapters/egress/settings.ts';
import { localSandbox } from '../../server/adapters/sandbox/local.ts';
import type { Weakness } from '../../server/adapters/sandbox/weakness.ts';
import type { NetworkPolicy } from '../../server/domain/network/network-policy.ts';
import { readHeaderForm } from '../../server/domain/secrets/header-form.ts';
import type { NetworkCredential } from '../../server/domain/ports/sandbox.ts';
import { setCanaries } from '../canaries.ts';
import type { Closing, Place } from '../case.ts';
import { both } from '../layers.ts';
import { confined } from '../subjects/ours.ts';
import type { Confined } from '../subjects/subject.ts';

/** A sandbox that may reach a few names, in a network of this machine alone. */
export type EgressPlace = Place & {
  confined: Confined;
  /** Another sandbox, under other rules, whose proxy lacks something more. */
  openOther(policy: NetworkPolicy, lacking?: EgressWeakness): Promise<Confined>;
  /** The port of the service behind all names that are vouched for. */
  port: number;
  /** While set, nothing can be written to the log of the run. */
  log: { gone: boolean; flush(): Promise<void> };
};

/** Reaching these tells that a layer is gone, and is no escape: they are asked for with another one taken away. */
const harmless = ['named-nowhere.test', 'near.test'];

/** What the service may be asked for; anything else that reaches it got out. */
const mayArrive = [
  /^GET (?:named-nowhere|near)\.test\/$/u,
  /^GET allowed\.test\//u,
  /^GET a\.wild\.test\//u,
  /^GET narrow\.test\/open\//u,
];

/** Names as the operator's name server has them. Those that are vouched for stand for hosts of the world. */
const vouched = [
  'allowed.test',
  'narrow.test',
  'a.wild.test',
  'evil.test',
  'notallowed.test',
  'allowed.test.evil.test',
];
const worldly = [...vouched, 'named-nowhere.test', 'wild.test', 'evilwild.test', 'allowed-test.evil.test'];
const inward: Record<string, string[]> = {
  'inner.test': ['127.0.0.1'],
  'rebind.test': ['127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'inner6.test': ['::1'],
  'mixed.test': ['93.184.216.34', '127.0.0.1'],
};

function rulesFor(port: number, inner: number[]): NetworkPolicy {
  const names = ['allowed.test', '*.wild.test'].map((host) => ({ host, ports: [port] }));
  const inside = Object.keys(inward).map((host) => ({ host, ports: [...inner, 80] }));
  const narrow = { host: 'narrow.test', ports: [port], methods: ['GET' as const], paths: ['/open/*'] };
  return { registries: [], rules: [...names, ...inside, narrow] };
}

type Grounds = { root: string; weakness: Weakness };

export async function openEgressPlace({ root, weakness }: Grounds, closing: Closing): Promise<EgressPlace> {
  const canaries = await setCanaries(mkdtempSync(join(root, 'canaries-')), closing);
  const seen: string[] = [];
  const forbid = (words: () => string | undefined) => canaries.forbid(() => words() ?? null);
  forbid(() => seen.splice(0)[0]);
  const port = await openService(seen, closing, canaries.tcp4);
  const policy = rulesFor(port, [canaries.tcp4, canaries.tcp6 ?? 81]);
  const dataDir = join(root, 'data');
  mkdirSync(dataDir);
  const settings: EgressSettings = {
    ...directEgress,
    internalHosts: worldly,
    resolve: async (host) => {
      const isNamed = policy.rules.some(
        ({ host: name }) => name === host || (name[0] === '*' && host.endsWith(name.slice(1))),
      );
      if (!isNamed && !harmless.includes(host)) seen.push(`a name server was asked for ${host}`);
      if (/^[\d.]+$|^::|^\[/u.test(host)) return [host];
      return inward[host] ?? (host.endsWith('.test') || host.startsWith('localhost') ? ['127.0.0.1'] : []);
    },
  };
  const provider = (lacking: EgressWeakness) =>
    localSandbox({ dataDir, egress: settings }, both(weakness, { egress: lacking }));
  const credential: NetworkCredential = {
    ...{ name: 'API_KEY', placeholder: 'FLEET_SECRET_1', value: canaries.secret('a credential') },
    ...{ form: readHeaderForm('X-Key: {}'), places: [{ host: 'narrow.test', port }] },
  };
  const told: string[] = [];
  const log = { gone: false, flush: () => Promise.resolve() };
  const open = async (rules: NetworkPolicy, lacking: EgressWeakness = {}) => {
    const outbox = networkOutbox(rules, [credential]);
    listenTo(outbox, { told, log });
    const made = await confined(provider(lacking), mkdtempSync(join(root, 'tree-')), { egress: outbox.egress });
    closing(async () => {
      await made.close();
      await outbox.close();
    });
    return { confined: made, outbox };
  };
  const { confined: main, outbox } = await open(policy);
  log.flush = outbox.flush;
  const openOther: EgressPlace['openOther'] = async (rules, lacking) => (await open(rules, lacking)).confined;
  const denials = async () => told.splice(0).map((words) => words.replaceAll(/(?<=test|localhost):\d+/gu, ''));
  return { canaries, denials, confined: main, openOther, port, log };
}

/** Keeps what is refused, as the log of a run would. */
function listenTo(outbox: NetworkOutbox, { told, log }: { told: string[]; log: { gone: boolean } }): void {
  outbox.open(async (events) => {
    if (log.gone) throw new Error('the log is gone');
    for (const { kind, payload } of events) {
      if (kind === 'network.requested' && !payload.allowed) told.push(`${payload.refusal ?? ''}: ${payload.rule}`);
    }
  });
}

async function openService(seen: string[], closing: Closing, forbidden: number): Promise<number> {
  const server = createServer((request, response) => {
    const asked = `${request.method ?? ''} ${(request.headers.host ?? '').replace(/:\d+$/u, '')}${request.url ?? ''}`;
    if (!mayArrive.some((may) => may.test(asked))) seen.push(`it was reached: ${asked}`);
    const { url = '' } = request;
    const key = String(request.headers['x-key'] ?? '');
    if (url.endsWith('/away')) {
      response.writeHead(302, { location: `http://evil.test:${forbidden}/` }).end();
    } else {
      // What came as its body, and not as what would be another request.
      let body = 0;
      request.on('data', (chunk: Buffer) => (body += chunk.length));
      request.on('end', () => response.setHeader('x-body', body).end(`echo ${url} ${key} ${key.length}\n`));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing(async () => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}
