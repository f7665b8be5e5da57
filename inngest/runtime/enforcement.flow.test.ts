import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { directEgress } from '../../server/adapters/egress/settings.ts';
import type { Part } from '../../server/adapters/model/scripted/story.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { savePolicy } from '../../server/services/policy/save-policy.ts';
import { flowRig, type Flow, type FlowOver, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubles, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const branch = /^fleet\//u;
const saveRules = async (flow: Flow, rules: string[]) => {
  const { version } = await flow.db.policyVersion.findFirstOrThrow({
    where: { orgId: flow.orgId, layer: 'org' },
    orderBy: { version: 'desc' },
  });
  const yaml = ['preset: balanced', 'limits:', ...rules.map((rule) => `  - { ${rule} }`), ''].join('\n');
  return savePolicy(flow.by(), { yaml, note: 'test', basedOn: version, restored: null });
};

/** A flow whose org has these limits besides the balanced preset. */
async function under(rules: string[], parts: Part[], over: FlowOver = {}) {
  const flow = await rig.flow(parts, over);
  await saveRules(flow, rules);
  const logs = async () => {
    const runs = await flow.db.run.findMany({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    const each = runs.map(({ id }) => readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: id }));
    return (await Promise.all(each)).flat() as RunEvent[];
  };
  const judged = async (on: string) =>
    (await logs()).flatMap((event) =>
      event.kind === 'action.judged' && event.payload.on === on ? [event.payload] : [],
    );
  return { ...flow, logs, judged };
}

/** Counts what asks a model, from outside. */
async function counted(baseUrl: string) {
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = { 'content-type': 'application/json', 'x-api-key': 'scripted' };
    const answer = await fetch(`${baseUrl}${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { baseUrl: url, stop: async () => void server.close(), asked: () => asked };
}

describe('a model that the policy denies', () => {
  it('is never asked, and the run ends with the rule in its log', async () => {
    const gateway: { asked?: () => number } = {};
    const model = async (baseUrl: string) => Object.assign(gateway, await counted(baseUrl));
    const flow = await under(['id: no-claude, on: model, models: [anthropic/*], then: deny'], [doubles], { model });
    const { pipelineRunId } = await flow.task();
    await flow.pending(pipelineRunId, 'escalation');
    const build = (await flow.row(pipelineRunId)).attempts.findLast(({ stage }) => stage === 'build');
    expect(build?.run?.outcome).toMatchObject({ reason: 'not_allowed', detail: expect.stringContaining('no-claude') });
    expect(gateway.asked!()).toBe(0);
    expect(await flow.judged('model')).toMatchObject([
      { verdict: { verdict: 'deny', rule: 'no-claude', layer: 'org', version: expect.any(String) } },
    ]);
  });

  it('is not asked again once a rule that was saved meanwhile denies it, and the log names the new version', async () => {
    let save = async (): Promise<unknown> => undefined;
    const parts = [developer(1, [shell('echo one')], [shell('echo two')], [handoff('x')])];
    const begun = await rig.flow(parts, {
      afterCommand: async (words) => (words.includes('echo one') ? void (await save()) : undefined),
    });
    save = () => saveRules(begun, ['id: no-claude, on: model, models: [anthropic/*], then: deny']);
    const { pipelineRunId } = await begun.task();
    await begun.pending(pipelineRunId, 'escalation');
    const run = await begun.db.run.findFirstOrThrow({ where: { orgId: begun.orgId } });
    const of = { orgId: begun.orgId, kind: 'run' as const, subject: run.id };
    const log = (await readAllEvents(begun.db, of)) as RunEvent[];
    expect(log.filter(({ kind }) => kind === 'model.replied')).toHaveLength(1);
    expect(log.find(({ kind }) => kind === 'policy.changed')?.payload).toMatchObject({
      version: 2,
      stricter: [expect.stringContaining('no-claude')],
      looser: [],
    });
  });
});

describe('a hand-off that the policy denies', () => {
  it.each([
    ['for its size', 'handoff', 'id: small, on: handoff, moreThanFiles: 1, then: deny'],
    ['for its push', 'git', 'id: no-push, on: git, acts: [push], own: true, then: deny'],
  ])('%s leaves no branch on the remote', async (_why, on, rule) => {
    const flow = await under([rule], [doubles]);
    const { pipelineRunId } = await flow.task();
    await flow.pending(pipelineRunId, 'escalation');
    expect((await flow.remote.branches()).filter((name) => branch.test(name))).toEqual([]);
    expect((await flow.judged(on))[0]).toMatchObject({ verdict: { verdict: 'deny', layer: 'org' } });
  });

  it('and one whose size is asked about comes to people with the merge, where two decide if the rule says so', async () => {
    const rule = 'id: small, on: handoff, moreThanFiles: 1, then: ask, who: two, why: two look at more than one file.';
    const flow = await under([rule], [doubles, approves]);
    const { pipelineRunId } = await flow.task({ scope: ['src/**', 'docs/**', 'test/**'] });
    const { subject, quorum } = await flow.pending(pipelineRunId, 'merge');
    expect(quorum).toBe(2);
    expect(subject).toMatchObject({
      asked: [{ rule: 'small', reason: expect.stringContaining('two look at more than one file.') }],
      decides: { who: 'two', rules: ['small'] },
      drift: { outside: { all: 0 }, untouched: { some: ['docs/**'] }, leftOut: { all: 0 } },
    });
  });
});

it('a start that the policy denies makes no run, and a merge that it denies asks nobody for it', async () => {
  const start = await under(['id: no-start, on: spend, what: [start], fromPercent: 0, then: deny'], [doubles]);
  const { pipelineRunId } = await start.task();
  await start.pending(pipelineRunId, 'escalation');
  expect(await start.db.run.count({ where: { orgId: start.orgId } })).toBe(0);
  const merge = await under(['id: no-merge, on: gate, gates: [merge], then: deny'], [doubles, approves]);
  const of = await merge.task();
  const { subject } = await merge.pending(of.pipelineRunId, 'escalation');
  expect(subject).toMatchObject({ reason: 'merge_refused', detail: expect.stringContaining('no-merge') });
  expect(await merge.db.approval.count({ where: { orgId: merge.orgId, kind: 'merge' } })).toBe(0);
});

describe('a request for more scope', () => {
  const asks = [{ tool: 'request_scope', input: { paths: ['docs/a.md'], why: 'The guide says otherwise.' } }];

  it('is put to whom the rules about it name', async () => {
    const flow = await under(['id: leads, on: gate, gates: [scope], then: ask, who: lead'], [developer(1, asks)]);
    const { pipelineRunId } = await flow.task({ scope: ['src/**'] });
    const { subject } = await flow.pending(pipelineRunId, 'scope');
    expect(subject).toMatchObject({ decides: { who: 'lead', rules: ['leads'] } });
  });

  it('reaches nobody where they deny it', async () => {
    const parts = [developer(1, asks, [create('src/x.js', '1\n')], [handoff('x')])];
    const flow = await under(['id: none, on: gate, gates: [scope], then: deny'], parts);
    const { pipelineRunId } = await flow.task({ scope: ['src/**'] });
    await flow.stage(pipelineRunId, 'build', 'passed');
    expect(await flow.db.approval.count({ where: { orgId: flow.orgId } })).toBe(0);
    const said = (await flow.logs()).flatMap((event) => (event.kind === 'tool.finished' ? [event.payload.text] : []));
    expect(said[0]).toContain('Nobody was asked.');
  });
});

describe('a request of the sandbox', () => {
  /** service.test, which the role's list opens, and what reached it. */
  async function service() {
    const reached: string[] = [];
    const server = createServer((request, response) => {
      reached.push(`${request.method} ${request.url}`);
      request.resume().once('end', () => response.setHeader('connection', 'close').end('ok'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const egress = { ...directEgress, internalHosts: ['service.test'], resolve: async () => ['127.0.0.1'] };
    const rules = [{ host: 'service.test', ports: [port] }];
    return { reached, egress, rules, url: `http://service.test:${port}` };
  }

  it.each([
    [
      'a host that the org denies, whatever the role opens',
      ['id: no-service, on: network, hosts: [service.test], then: deny'],
      [],
    ],
    ['what sends, where the rules ask about that', [], ['GET /a']],
  ])('%s', async (_what, limits, arrives) => {
    const { reached, egress, rules, url } = await service();
    const asks = `curl -s -m 20 ${url}/a; curl -s -m 20 -d x ${url}/b; true`;
    const parts = [developer(1, [shell(asks)], [create('src/x.js', '1\n')], [handoff('x')])];
    const flow = await rig.flow(parts, { egress });
    if (limits.length > 0) await saveRules(flow, limits);
    await flow.changeDeveloper({ network: { registries: [], rules } });
    const { pipelineRunId } = await flow.task();
    await flow.stage(pipelineRunId, 'build', 'passed');
    expect(reached).toEqual(arrives);
    const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId } });
    const log = (await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id })) as RunEvent[];
    const asked = log.flatMap((event) => (event.kind === 'network.requested' ? [event.payload] : []));
    expect(asked.at(-1)).toMatchObject({
      allowed: false,
      refusal: 'policy',
      verdict: { layer: 'org', rule: expect.any(String) },
    });
  });
});
