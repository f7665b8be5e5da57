import { once } from 'node:events';
import { createServer as createWebServer, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { directEgress } from '../../server/adapters/egress/settings.ts';
import { openDatabase } from '../../server/db/connect.ts';
import { newId } from '../../server/db/new-id.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { makeQueuedRun } from './testing/queued-run.ts';
import { developer, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** The database as a worker reaches it, until the line is cut. */
async function databaseOverLine() {
  const url = new URL(rig.appUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const ends = new Set<Socket>();
  let isCut = false;
  const relay = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('error', () => other.destroy()).on('close', () => void (ends.delete(one), other.destroy()));
      one.pipe(other);
    }
  });
  url.host = `127.0.0.1:${await listen(relay)}`;
  const database = openDatabase({ appUrl: url.href });
  closing.push(() => database.close());
  const cut = () => {
    isCut = true;
    for (const end of ends) end.destroy();
  };
  return { database, cut, mend: () => void (isCut = false) };
}

/** A service of the name service.test; `answer` is awaited for the body. */
async function serve(answer: (path: string) => Promise<string>) {
  const reached: string[] = [];
  const server = createWebServer(async (request: IncomingMessage, response) => {
    reached.push(request.url!);
    response.setHeader('connection', 'close').end(await answer(request.url!));
  });
  return { reached, port: await listen(server) };
}

/** A queued run of a developer who may reach service.test, with its log as it is read from the database. */
async function runWithNetwork(port: number, command: string, afterCommand?: (command: string) => Promise<void>) {
  const egress = { ...directEgress, internalHosts: ['service.test'], resolve: async () => ['127.0.0.1'] };
  const parts = [developer(1, [shell(command)])];
  const run = await makeQueuedRun(rig, { parts, over: { egress, afterCommand } });
  const { db, orgId, runId } = run;
  const [version] = await db.roleVersion.findMany({ where: { orgId, role: { name: 'developer' } } });
  const network = { registries: [], rules: [{ host: 'service.test', ports: [port] }] };
  const next = { ...version!, id: newId('roleVersion'), version: 2, body: { ...(version!.body as object), network } };
  await db.roleVersion.create({ data: next });
  await db.run.updateMany({ where: { orgId, id: runId }, data: { roleVersionId: next.id } });
  const log = async () => {
    const events = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
    return events.map(({ kind, payload }) => ({ kind, payload: payload as Record<string, unknown> }));
  };
  return { ...run, log };
}

const ask = (url: string) => `curl -s -m 20 -o /dev/null -w "%{http_code} " ${url}`;

type Log = { kind: string; payload: Record<string, unknown> }[];
const requestsOf = (log: Log) =>
  log.flatMap(({ kind, payload: { host, path, refusal } }) =>
    kind === 'network.requested' ? [`${String(host)}${String(path)} ${String(refusal ?? 'allowed')}`] : [],
  );

describe('a role that names what it may reach', () => {
  it('gives its runs a proxy, whose every answer is in the log before the result that it led to', async () => {
    const { slice, log } = await runWithNetwork(1, ask('http://refused.test/path?secret=1'));
    await slice();
    const events = await log();
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.indexOf('network.requested')).toBe(kinds.indexOf('tool.finished') - 1);
    expect(events.find(({ kind }) => kind === 'network.requested')?.payload).toMatchObject({
      ...{ method: 'GET', host: 'refused.test', port: 80, path: '/path', allowed: false, refusal: 'no_rule' },
    });
    expect(events.find(({ kind }) => kind === 'tool.finished')?.payload).toMatchObject({ exitCode: 0 });
  });

  it('has a request in the log before it leaves', async () => {
    let seen = async (): Promise<string[]> => [];
    const atArrival: string[][] = [];
    const { port } = await serve(async () => {
      atArrival.push(await seen());
      return 'ok';
    });
    const url = `http://service.test:${port}`;
    const { slice, log } = await runWithNetwork(port, `${ask(`${url}/a`)}; ${ask(`${url}/b`)}`);
    seen = async () => requestsOf(await log());
    await slice();
    const [first, second] = ['service.test/a allowed', 'service.test/b allowed'];
    expect(atArrival).toEqual([[first], [first, second]]);
  });

  it('lets nothing out while the database is gone, and writes down what was refused once it is back', async () => {
    const { database, cut, mend } = await databaseOverLine();
    const { port, reached } = await serve(async (path) => {
      if (path === '/cut') cut();
      return 'ok';
    });
    const urls = [
      `service.test:${port}/cut`,
      `service.test:${port}/gone`,
      'refused.test/',
      `service.test:${port}/gone`,
    ];
    const command = urls.map((url) => ask(`http://${url}`)).join('; ');
    const after = async (words: string) => (words.includes('/cut') ? mend() : undefined);
    const { slice, log } = await runWithNetwork(port, command, after);
    await slice({ database });
    expect(reached).toEqual(['/cut']);
    const events = await log();
    expect(requestsOf(events)).toEqual([
      'service.test/cut allowed',
      'service.test/gone unrecorded',
      'refused.test/ no_rule',
      'service.test/gone unrecorded',
    ]);
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('network.requested')).toBe(kinds.indexOf('tool.finished') - 1);
    const [finished] = events.filter(({ kind }) => kind === 'tool.finished');
    expect(JSON.stringify(finished?.payload)).toContain('200 503 403 503');
  });
});
