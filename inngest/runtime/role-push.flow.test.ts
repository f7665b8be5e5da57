import { beforeAll, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { editOf } from '../../server/domain/roles/role-edit.ts';
import { roleBody, type RoleBody } from '../../server/domain/roles/role-body.ts';
import { changeRoleTools } from '../../server/services/roles/change-role-tools.ts';
import { saveRole } from '../../server/services/roles/save-role.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { create, developer, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const view = (path: string) => ({ tool: 'view', input: { path } });
const scope = { scope: ['src/**', 'docs/**'] };

async function newestRole({ db, orgId }: Flow): Promise<{ version: number; body: RoleBody }> {
  const of = { orgId, role: { name: 'developer' } };
  const { version, body } = await db.roleVersion.findFirstOrThrow({ where: of, orderBy: { version: 'desc' } });
  return { version, body: roleBody.parse(body) };
}

/** What the developer's role writes, from its next version on. */
async function writes(flow: Flow, write: Partial<RoleBody['write']>) {
  const { version: basedOn, body } = await newestRole(flow);
  const edit = { ...editOf(body), write: { ...body.write, ...write } };
  await saveRole(flow.by(), { role: 'developer', basedOn, note: 'another scope', edit, restored: null });
}

/** A developer who says `echo one`, upon which people change something, and then makes these calls. */
async function worked(change: (flow: Flow) => Promise<unknown>, ...calls: Parameters<typeof developer>[1][]) {
  let now = async (): Promise<unknown> => undefined;
  const flow = await rig.flow([developer(1, [shell('echo one')], ...calls, [handoff('x')])], {
    afterCommand: async (words) => (words.includes('echo one') ? void (await now()) : undefined),
  });
  now = () => change(flow);
  await flow.task(scope);
  return flow.until(async () => {
    const run = await flow.db.run.findFirst({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    if (!run) return null;
    const log = (await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id })) as RunEvent[];
    return log.some(({ kind }) => kind === 'run.ended') && log;
  }, 'the end of the first run');
}

const verdictsOf = (log: readonly RunEvent[], tool: string) =>
  log.flatMap((event) =>
    event.kind === 'tool.intended' && event.payload.tool === tool ? [event.payload.verdict] : [],
  );
const changesIn = (log: readonly RunEvent[]) =>
  log.flatMap((event) => (event.kind === 'policy.changed' ? [event.payload] : []));

it('a role that writes less stops a run under way at its next write there, and its log says so', async () => {
  const log = await worked(
    (flow) => writes(flow, { include: ['src/**'] }),
    [create('docs/x.md', 'x\n')],
    [create('src/x.js', 'export const x = 1;\n')],
  );
  expect(verdictsOf(log, 'create')).toMatchObject([
    { verdict: 'deny', rule: 'role-write-scope', layer: 'role' },
    { verdict: 'allow' },
  ]);
  const [change, ...more] = changesIn(log);
  expect(more).toEqual([]);
  expect(change).toMatchObject({ role: expect.any(String), stricter: [expect.stringContaining('role-write-scope')] });
});

it('a role that writes more is told to a run under way and counts for later ones', async () => {
  const log = await worked(
    (flow) => writes(flow, { include: ['**'], exclude: [] }),
    [create('.github/workflows/x.yml', 'x\n')],
  );
  expect(verdictsOf(log, 'create')).toMatchObject([{ verdict: 'deny', rule: 'role-write-scope' }]);
  expect(changesIn(log)).toMatchObject([{ looser: [expect.stringContaining('no longer role-write-scope')] }]);
});

it('a tool that a role loses is refused to a run under way', async () => {
  const log = await worked(
    async (flow) => {
      const { version, body } = await newestRole(flow);
      const tools = body.tools.filter((tool) => tool !== 'view');
      await changeRoleTools(flow.by(), { role: 'developer', version, tools, servers: [...body.servers] });
    },
    [view('src/sum.js')],
  );
  expect(verdictsOf(log, 'view')).toMatchObject([{ verdict: 'deny', rule: 'role-tools', layer: 'role' }]);
  expect(changesIn(log)).toMatchObject([{ stricter: expect.arrayContaining(['the role no longer has view']) }]);
});
