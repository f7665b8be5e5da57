import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directEgress, type EgressSettings } from '../../server/adapters/egress/settings.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubleTest, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
let server: Server;
let port: number;
beforeAll(async () => {
  rig = await flowRig();
  server = createServer((request, response) => {
    if (request.url === '/moved') return void response.writeHead(302, { location: `http://other.test:${port}/` }).end();
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Doubling</h1><p>Write <code>2 * n</code>.</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close().closeAllConnections());

/** Names of this machine that an operator vouches for. */
const egress: EgressSettings = {
  ...directEgress,
  internalHosts: ['docs.test', 'other.test'],
  resolve: async (host) => (host.endsWith('.test') ? ['127.0.0.1'] : []),
};

it('a run fetches what its rules open, is refused the rest, and its log has every request', async () => {
  const fetching = (url: string) => ({ tool: 'fetch_url', input: { url } });
  const reads = developer(
    1,
    [fetching(`http://docs.test:${port}/guide?key=1`), fetching(`http://docs.test:${port}/moved`)],
    [shell(`node -e "fetch('http://docs.test:${port}/own').then((r) => console.log(r.status))"`)],
    [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
    [handoff('double() doubles a number.')],
  );
  const flow = await rig.flow([reads, approves], { egress, idle: true });
  await flow.changeDeveloper({ network: { registries: [], rules: [{ host: 'docs.test', ports: [port] }] } });
  await flow.start();
  const { pipelineRunId } = await flow.task();
  await flow.pending(pipelineRunId, 'merge');
  const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
  const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
  const results = events.flatMap(({ kind, payload }) => (kind === 'tool.finished' ? [payload] : []));
  const fetched = results.filter(({ tool }) => tool === 'fetch_url');
  expect(fetched).toHaveLength(2);
  expect(fetched.find(({ outcome }) => outcome === 'ok')?.text).toContain('# Doubling\n\nWrite `2 * n`.');
  expect(fetched.find(({ outcome }) => outcome === 'error')?.text).toMatch(
    new RegExp(`no rule opens other.test:${port}.*Open for this run are: docs.test:${port}\\.`),
  );
  expect(results.find(({ tool }) => tool === 'shell')?.text).toContain('200');
  const asked = events.flatMap(({ kind, payload }) => (kind === 'network.requested' ? [payload] : []));
  const told = asked.map(({ host, path, allowed }) => `${host} ${path} ${allowed}`);
  expect(told.toSorted()).toEqual([
    'docs.test /guide true',
    'docs.test /moved true',
    'docs.test /own true',
    'other.test / false',
  ]);
});
