import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NetworkPolicy } from '../../domain/network/network-policy.ts';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import type { NetworkCredential, Sandbox, SandboxPort } from '../../domain/ports/sandbox.ts';
import { makeAuthority } from '../egress/authority.ts';
import { directEgress, type EgressSettings } from '../egress/settings.ts';
import { openBench, runIn, type Bench } from './contract-bench.ts';

const authority = await makeAuthority(new Date());

/** A network of this machine alone: a few names, one of them vouched for, one that answers with a private address. */
const contractEgress: EgressSettings = {
  ...directEgress,
  extraCa: authority.pem,
  internalHosts: ['service.test', 'other.test'],
  resolve: async (host) => (host.endsWith('.test') ? ['127.0.0.1'] : []),
};

/** Two services on this machine that say what reached them. */
async function openServices() {
  const seen: string[] = [];
  const echo = createServer((request, response) => {
    seen.push(`${request.method} ${request.headers.host}${request.url} ${request.headers['x-key'] ?? ''}`.trim());
    response.end(`echo ${request.url}\n`);
  });
  const key = await authority.contextFor('service.test');
  const safe = createTlsServer({ SNICallback: (_, give) => give(null, key) }, (request, response) => {
    seen.push(`tls ${request.method} ${request.url} ${request.headers['x-key'] ?? ''}`.trim());
    response.end(`safe ${request.url}\n`);
  });
  await Promise.all(
    [echo, safe].map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
  const port = (server: typeof echo | typeof safe) => (server.address() as AddressInfo).port;
  const close = () => [echo, safe].forEach((server) => server.close().closeAllConnections());
  return { seen, plain: port(echo), safe: port(safe), close };
}

type Services = Awaited<ReturnType<typeof openServices>>;

/** What a provider holds that can give a sandbox a network. `makePort` is handed the network that the suite stands in. */
export function egressContract(name: string, makePort: (egress: EgressSettings) => Promise<SandboxPort>): void {
  describe(`${name} keeps the network contract`, () => networkContract(makePort));
}

function networkContract(makePort: (egress: EgressSettings) => Promise<SandboxPort>): void {
  let services: Services;
  let opened: Bench;
  beforeAll(async () => {
    services = await openServices();
    opened = await openBench(await makePort(contractEgress));
  });
  afterAll(async () => {
    await opened.close();
    services.close();
  });
  const bench = () => opened;

  ruleContract(bench, () => services);
  sightContract(bench, () => services);
}

/** A sandbox with a network, and what it asked for. */
async function openWith(bench: Bench, policy: NetworkPolicy, credentials: NetworkCredential[] = []) {
  const requests: NetworkRequest[] = [];
  const record = async (request: NetworkRequest) => void requests.push(request);
  const sandbox = await bench.open({ egress: { policy, credentials, record } });
  return { sandbox, requests };
}

const get = (sandbox: Sandbox, url: string, more = '') =>
  runIn(sandbox, `python3 - <<'END'\n${client(url, more)}\nEND`);

function ruleContract(bench: () => Bench, services: () => Services): void {
  test('what a rule opens is reached and written down; what none opens is refused and written down', async () => {
    const { plain } = services();
    const { sandbox, requests } = await openWith(bench(), {
      registries: [],
      rules: [{ host: 'service.test', ports: [plain] }],
    });
    expect((await get(sandbox, `http://service.test:${plain}/a?b=c`)).text).toBe('200 echo /a?b=c\n');
    expect((await get(sandbox, `http://other.test:${plain}/a`)).text).toContain(
      '403 Fleet refused this request: no rule',
    );
    expect((await get(sandbox, `http://service.test:${plain + 1}/`)).text).toContain('403 Fleet refused');
    const about = requests.map(({ host, allowed, path, refusal, address }) => ({
      host,
      allowed,
      path,
      refusal,
      address,
    }));
    expect(about).toEqual([
      { host: 'service.test', allowed: true, path: '/a', refusal: null, address: '127.0.0.1' },
      { host: 'other.test', allowed: false, path: '/a', refusal: 'no_rule', address: null },
      { host: 'service.test', allowed: false, path: '/', refusal: 'no_rule', address: null },
    ]);
    await sandbox.dispose();
  });

  test('there is no way around the proxy, and jobs go through it too', async () => {
    const { plain } = services();
    const { sandbox, requests } = await openWith(bench(), {
      registries: [],
      rules: [{ host: 'service.test', ports: [plain] }],
    });
    const around = `(echo > /dev/tcp/127.0.0.1/${plain}) 2>&1 | grep -q refused && echo refused; (echo > /dev/tcp/1.1.1.1/80) 2>&1 | grep -q unreachable && echo unreachable`;
    expect((await runIn(sandbox, around)).text).toBe('refused\nunreachable\n');
    const job = await sandbox.start({
      command: `node -e "fetch('http://service.test:${plain}/job').then(r => r.text()).then(console.log)"`,
      maxOutputBytes: 1000,
    });
    expect((await job.ended).exitCode).toBe(0);
    expect(Buffer.from(job.read().head).toString()).toContain('echo /job');
    expect(requests.map(({ path }) => path)).toContain(null);
    await sandbox.dispose();
  });
}

function sightContract(bench: () => Bench, services: () => Services): void {
  test('behind methods and paths an encrypted request is seen, and gets its credential there only', async () => {
    const { safe } = services();
    const rule = { host: 'service.test', ports: [safe], methods: ['GET' as const], paths: ['/open/*'] };
    const credential = {
      ...{ name: 'API_KEY', placeholder: 'FLEET_SECRET_1', value: 'the-real-key' },
      form: { header: 'X-Key', text: '{}' },
      places: [{ host: 'service.test', port: safe }],
    };
    const { sandbox, requests } = await openWith(bench(), { registries: [], rules: [rule] }, [credential]);
    const header = 'request.add_header("X-Key", "FLEET_SECRET_1")';
    expect((await get(sandbox, `https://service.test:${safe}/open/x`, header)).text).toBe('200 safe /open/x\n');
    expect(services().seen.at(-1)).toBe('tls GET /open/x the-real-key');
    expect((await get(sandbox, `https://service.test:${safe}/shut`, header)).text).toContain('403 Fleet refused');
    expect((await get(sandbox, `https://service.test:${safe}/open/../shut`)).text).toContain('403 Fleet refused');
    expect(requests.map(({ allowed, path, injected }) => ({ allowed, path, injected }))).toEqual([
      { allowed: true, path: '/open/x', injected: ['API_KEY'] },
      { allowed: false, path: '/shut', injected: [] },
      { allowed: false, path: '/open/../shut', injected: [] },
    ]);
    const { text } = await runIn(sandbox, 'env; cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"');
    expect(text).not.toContain('the-real-key');
    await sandbox.dispose();
  });
}

/** Fetches one address with the standard library and prints status and body. */
const client = (url: string, more: string) => `
import urllib.request, urllib.error
request = urllib.request.Request(${JSON.stringify(url)})
${more}
try: answer = urllib.request.urlopen(request, timeout=20)
except urllib.error.HTTPError as error: answer = error
print(answer.status, answer.read().decode(), end='')`;
