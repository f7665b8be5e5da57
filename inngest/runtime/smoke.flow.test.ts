import { beforeAll, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { askSmoke } from '../../server/services/policy/smoke/ask-smoke.ts';
import { getSmoke } from '../../server/services/policy/smoke/get-smoke.ts';
import { smokePolicy } from './smoke-policy.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { approves, developer, handoff } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

async function ready() {
  const flow = await rig.flow([developer(1, [handoff('done')]), approves]);
  const { id: repoId } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  const agents = await flow.db.agent.findMany({ where: { orgId: flow.orgId }, include: { role: true } });
  const agentOf = (role: string) => agents.find((agent) => agent.role.name === role)!.id;
  return { flow, repoId, agentOf };
}

async function smoked(flow: Flow, asked: { repoId: string; agentId: string; path?: string }) {
  const { smokeId } = await askSmoke(flow.by(), { path: null, ...asked });
  const { result } = await flow.until(async () => {
    const view = await getSmoke({ db: flow.db, orgId: flow.orgId }, { smokeId });
    return view.result === null ? null : view;
  }, 'the smoke test');
  if (result === null || 'problem' in result) throw new Error(JSON.stringify(result));
  return { smokeId, ...result, read: result.tries[0]!, write: result.tries[1]! };
}

it('reads what may be read, does not write what is refused, and has both in the log at the places it names', async () => {
  const { flow, repoId, agentOf } = await ready();
  const { orgId, db } = flow;
  const { smokeId, read, write } = await smoked(flow, { repoId, agentId: agentOf('developer') });
  expect(read).toMatchObject({ what: 'read', tool: 'view', done: true, there: true, held: true });
  expect(read.verdict.verdict).toBe('allow');
  expect(write).toMatchObject({ what: 'write', tool: 'create', done: false, there: false, held: true });
  expect(write.verdict.verdict).toBe('deny');
  expect(write.verdict.layer).not.toBe('platform');
  const log = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
  for (const { path, what, entry } of [read, write]) {
    const event = log.find(({ seq }) => seq === entry.seq);
    expect(event).toMatchObject({ kind: 'policy.smoke-tried', payload: { smokeId, what, path } });
  }
  // A message that comes twice does nothing twice.
  await smokePolicy(flow.worker, { orgId, smokeId });
  expect(await readAllEvents(db, { orgId, kind: 'org', subject: orgId })).toHaveLength(log.length);
});

it('shows that a write is let through where it is, in a copy that is gone, and what a reviewer may not', async () => {
  const { flow, repoId, agentOf } = await ready();
  const allowed = await smoked(flow, { repoId, agentId: agentOf('developer'), path: 'src/smoke.js' });
  expect(allowed.write).toMatchObject({ path: 'src/smoke.js', done: true, there: true, held: false });
  const refused = await smoked(flow, { repoId, agentId: agentOf('code-reviewer'), path: 'src/smoke.js' });
  expect(refused.write).toMatchObject({ path: 'src/smoke.js', done: false, there: false, held: true });
});
