import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import type { AgentSettings } from '../../domain/agents/agent-settings.ts';
import { readOffered } from '../../domain/mcp/read-offered.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeRepo, makeStarters } from '../../testing/factories.ts';
import { hireAgent } from '../agents/hire-agent.ts';
import { reinstateAgent, retireAgent } from '../agents/retire-agent.ts';
import { currentSettings } from '../agents/revise-agent.ts';
import { saveAgent } from '../agents/save-agent.ts';
import { decideApproval } from '../approvals/decide-approval.ts';
import { setBudget } from '../budgets/set-budget.ts';
import { allowMcpTools } from '../mcp/allow-mcp-tools.ts';
import { readRoleServers } from '../mcp/read-role-servers.ts';
import { saveMcpServer } from '../mcp/save-mcp-server.ts';
import { recordTrial } from '../mcp/try-mcp-server.ts';
import { savePolicy } from '../policy/save-policy.ts';
import { changeRoleTools } from '../roles/change-role-tools.ts';
import { listAgents } from '../views/list-agents.ts';
import { getApproval } from '../views/get-approval.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

const bus = { send: async () => {}, lost: () => {} };
const transport = { kind: 'stdio' as const, command: 'exec node server.mjs' };
const tool = (name: string, description = 'Finds.') =>
  readOffered('tracker', { name, description, inputSchema: { type: 'object' } });

/** An org whose policy says this of approval, with an owner who sets things and an admin who approves them. */
async function start(approval = '{ by: admins }', preset = 'balanced') {
  const org = await makeOrg(database);
  const { orgId, db, owner } = org;
  const starters = await makeStarters(database, org);
  const admin = await makeMember(database, org, 'admin');
  const now = new Date();
  const by = (userId = owner.userId) => ({ database, orgId, actor: { type: 'user' as const, userId }, now });
  const rule = (text: string, basedOn: number) =>
    savePolicy(by(), { yaml: text, note: 'why', basedOn, restored: null });
  await rule(`preset: ${preset}\napproval: ${approval}\n`, 1);
  const { agentId } = starters.roles['developer']!;
  const set = async (change: Partial<AgentSettings>, restored: number | null = null) => {
    const { agent, settings } = await currentSettings(db, { orgId, agentId });
    const next = restored === null ? { ...settings, ...change } : null;
    return saveAgent(by(), { agentId, basedOn: agent.revision, note: 'why', settings: next, restored });
  };
  const agent = async () => (await listAgents({ db, orgId })).find(({ id }) => id === agentId)!;
  const decide = async (approvalId: string, userId = admin.userId, verdict: 'approved' | 'denied' = 'approved') => {
    const { digest } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    return decideApproval({ ...by(userId), bus }, { approvalId, digest, verdict, reason: 'as agreed', via: 'browser' });
  };
  const look = (approvalId: string) =>
    getApproval(
      { db, system: database.system, orgId, viewer: { userId: admin.userId, role: 'admin' }, now },
      { approvalId },
    );
  const statusOf = async (id: string) =>
    (await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } })).status;
  const said = async (kind: string) =>
    (await readAllEvents(db, { orgId, kind: 'org', subject: orgId })).filter((event) => event.kind === kind);
  return { org, orgId, db, owner, admin, by, rule, agentId, set, agent, decide, look, statusOf, said };
}

function waiting(saved: object): string {
  if ('approvalId' in saved && typeof saved.approvalId === 'string') return saved.approvalId;
  throw new Error(`it was not put before anybody: ${JSON.stringify(saved)}`);
}

describe('what lets an agent do more', () => {
  it('waits for a second person, is shown in words, and holds as approved, in the log with both people', async () => {
    const { set, agent, decide, look, said, owner, admin } = await start();
    const approvalId = waiting(await set({ maxRuns: 9 }));
    expect(await agent()).toMatchObject({ revision: 1, settings: { maxRuns: 4 } });
    expect(await look(approvalId)).toMatchObject({
      consent: 'Let revision 2 of the agent `Developer` come into force.',
      mayDecide: true,
      definition: {
        looser: ['it has 9 runs at once instead of 4'],
        before: expect.stringContaining('runs at once: 4'),
        after: expect.stringContaining('runs at once: 9'),
      },
    });
    await expect(decide(approvalId, owner.userId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await decide(approvalId)).toMatchObject({ status: 'approved' });
    expect(await agent()).toMatchObject({ revision: 2, settings: { maxRuns: 9 } });
    const [event] = await said('agent.revised');
    expect(event).toMatchObject({
      actor: { type: 'user', userId: admin.userId },
      payload: { revision: 2, changed: ['maxRuns'], approvalId, authorId: owner.userId },
    });
  });

  it('does so too where an earlier revision is taken up again, and for an older version of its role', async () => {
    const { set, agent, by, decide, look } = await start();
    expect(await set({ maxRuns: 1 })).toEqual({ revision: 2 });
    const back = waiting(await set({}, 1));
    await decide(back);
    expect(await agent()).toMatchObject({ revision: 3, settings: { maxRuns: 4 } });
    const change = { role: 'developer', version: 1, tools: ['view' as const, 'handoff' as const], servers: [] };
    await decide(waiting(await changeRoleTools(by(), change)));
    expect(await agent()).toMatchObject({ roleVersion: 2, approval: { waits: true } });
    const older = waiting(await set({ roleVersion: 1 }));
    expect((await look(older)).definition?.looser).toEqual([expect.stringMatching(/goes back to version 1/)]);
    expect(await agent()).toMatchObject({ roleVersion: 2 });
    await decide(older);
    expect(await agent()).toMatchObject({ roleVersion: 1 });
  });

  it('is what is looser alone: all else counts at once, and closes a draft on what was before', async () => {
    const { set, agent, statusOf, decide } = await start();
    const first = waiting(await set({ secondsLimit: 90_000 }));
    const second = waiting(await set({ secondsLimit: 80_000 }));
    expect(await statusOf(first)).toBe('voided');
    expect(await set({ maxRuns: 1, instructions: 'Be brief.' })).toEqual({ revision: 2 });
    expect(await statusOf(second)).toBe('voided');
    await expect(decide(second)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await agent()).toMatchObject({ revision: 2, settings: { maxRuns: 1, secondsLimit: 54_000 } });
  });

  it('is refused where its draft can be no more: a name taken, a repo gone, an author without the right', async () => {
    const { set, statusOf, decide, db, orgId, owner, org } = await start();
    await expect(set({ repoId: 'rep_none', maxRuns: 9 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(set({ name: 'Code reviewer', maxRuns: 9 })).rejects.toMatchObject({ code: 'conflict' });
    const { repoId } = await makeRepo(org);
    const draft = waiting(await set({ maxRuns: 9, repoId }));
    await db.member.updateMany({ where: { orgId, userId: owner.userId }, data: { role: 'member' } });
    await expect(decide(draft)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await statusOf(draft)).toBe('voided');
  });

  it('neither goes round by its budget nor by another agent', async () => {
    const { by, agentId, agent, decide, db, orgId, said } = await start();
    const none = { micros: null, tokens: null, seconds: null };
    const budget = (change: object) => setBudget(by(), { dimension: 'agent', subject: agentId, ...none, ...change });
    await expect(budget({ maxRuns: 9 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(budget({ seconds: 90_000 })).rejects.toThrow(/approve more run time a month/);
    expect(await db.budgetLimit.count({ where: { orgId, dimension: 'agent' } })).toBe(0);
    await budget({ maxRuns: 2 });
    expect(await agent()).toMatchObject({ settings: { maxRuns: 2 } });
    await budget({ seconds: 600, micros: 1 });
    await expect(budget({ seconds: 601 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(budget({ seconds: null })).rejects.toMatchObject({ code: 'forbidden' });
    await budget({ seconds: 600, micros: 2 });
    const hired = waiting(await hireAgent(by(), { role: 'developer', name: 'Second', repoId: null }));
    expect(await db.agent.count({ where: { orgId, name: 'Second' } })).toBe(0);
    await decide(hired);
    expect(await db.agent.count({ where: { orgId, name: 'Second', maxRuns: 2 } })).toBe(1);
    expect((await said('agent.hired'))[0]?.payload).toMatchObject({ agent: 'Second', approvalId: hired });
    const taken = hireAgent(by(), { role: 'developer', name: 'Second', repoId: null });
    await expect(taken).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is that a retired agent works again too, which is refused: another one waits instead', async () => {
    const { by, agentId, agent, set, statusOf, said } = await start();
    const draft = waiting(await set({ maxRuns: 9 }));
    await retireAgent({ ...by(), bus }, { agentId });
    expect(await statusOf(draft)).toBe('voided');
    expect((await said('approval.closed')).at(-1)?.payload).toMatchObject({ approvalId: draft, status: 'voided' });
    const again = reinstateAgent(by(), { agentId });
    await expect(again).rejects.toThrow(/Developer stays retired.*that waits for approval/);
    expect((await agent()).retiredAt).not.toBeNull();
    waiting(await hireAgent(by(), { role: 'developer', name: 'Second', repoId: null }));
  });

  it('is closed by a revision with its budget, which the log tells as one', async () => {
    const { by, agentId, set, statusOf, said } = await start();
    const draft = waiting(await set({ maxRuns: 9 }));
    const none = { micros: null, tokens: null, seconds: null };
    await setBudget(by(), { dimension: 'agent', subject: agentId, ...none, maxRuns: 2 });
    expect(await statusOf(draft)).toBe('voided');
    expect((await said('agent.revised'))[0]?.payload).toMatchObject({ revision: 2, changed: ['maxRuns'] });
  });

  it('is to be kept at a version: drafts that would are closed when the role has a newer one', async () => {
    const { by, set, statusOf, decide } = await start();
    const free = waiting(await hireAgent(by(), { role: 'developer', name: 'Free', repoId: null }));
    const kept = waiting(await set({ roleVersion: 1 }));
    const change = { role: 'developer', version: 1, tools: ['view' as const, 'handoff' as const], servers: [] };
    await decide(waiting(await changeRoleTools(by(), change)));
    expect([await statusOf(kept), await statusOf(free)]).toEqual(['voided', 'pending']);
    await decide(waiting(await set({ roleVersion: 1 })));
    const second = waiting(await hireAgent(by(), { role: 'developer', name: 'Second', repoId: null }));
    await decide(waiting(await changeRoleTools(by(), { ...change, version: 2, tools: ['handoff'] })));
    expect(await statusOf(second)).toBe('voided');
  });

  it('comes into force no more where its name is taken, and by nobody whose right has gone', async () => {
    const { db, orgId, org, admin, set, decide, statusOf, agent } = await start();
    const { repoId } = await makeRepo(org);
    expect(await set({ repoId })).toEqual({ revision: 2 });
    const draft = waiting(await set({ repoId: null, name: 'Builder' }));
    await db.member.updateMany({ where: { orgId, userId: admin.userId }, data: { role: 'member' } });
    await expect(decide(draft)).rejects.toMatchObject({ code: 'forbidden' });
    await db.member.updateMany({ where: { orgId, userId: admin.userId }, data: { role: 'admin' } });
    await db.agent.updateMany({ where: { orgId, name: 'Code reviewer' }, data: { name: 'Builder' } });
    await expect(decide(draft)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await statusOf(draft)).toBe('voided');
    expect(await agent()).toMatchObject({ revision: 2, name: 'Developer', settings: { repoId } });
  });

  it.each([
    ['{ by: admins, also: [tools] }', 'balanced'],
    ['{ by: admins, also: [] }', 'cautious'],
    ['{ by: admins }', 'autonomous'],
  ])('counts at once under approval: %s of the preset %s', async (approval, preset) => {
    const { set, by } = await start(approval, preset);
    expect(await set({ maxRuns: 9 })).toEqual({ revision: 2 });
    expect(await hireAgent(by(), { role: 'developer', name: 'Second', repoId: null })).toHaveProperty('agentId');
  });

  it('says so by a change of the policy, which waits itself', async () => {
    const { rule, set, decide } = await start();
    const looser = waiting(await rule('preset: balanced\napproval: { by: admins, also: [] }\n', 2));
    waiting(await set({ maxRuns: 9 }));
    await decide(looser);
    expect(await set({ maxRuns: 9 })).toEqual({ revision: 2 });
  });
});

describe('what is allowed of an MCP server', () => {
  async function withServer(approval?: string) {
    const world = await start(approval);
    const { by, db, orgId } = world;
    const { serverId } = await saveMcpServer(by(), { serverId: null, name: 'tracker', transport });
    const offers = (tools: ReturnType<typeof tool>[]) =>
      recordTrial(by(), {
        serverId,
        place: { name: 'tracker', transport },
        askedAt: null,
        answer: { tools, problem: null },
      });
    await offers([tool('find'), tool('drop')]);
    const allow = (...names: string[]) =>
      allowMcpTools(by(), {
        serverId,
        tools: names.map((name) => ({ name, hash: tool(name).hash, risk: 'writes' as const })),
      });
    const allowed = async () =>
      (await readRoleServers(db, { orgId, names: ['tracker'] }))[0]?.tools.map(({ name }) => name);
    return { ...world, serverId, offers, allow, allowed };
  }

  it('waits for a second person where it is more, and is closed at once', async () => {
    const { allow, allowed, decide, look, said, owner } = await withServer();
    const both = waiting(await allow('find', 'drop'));
    expect(await allowed()).toEqual([]);
    expect((await look(both)).definition).toMatchObject({
      looser: ['`find` is allowed, which writes', '`drop` is allowed, which writes'],
      after: expect.stringContaining('server: "exec node server.mjs"'),
    });
    const shown = (await look(both)).definition;
    await decide(both);
    expect(await allowed()).toEqual(['find', 'drop']);
    // It still says what it changed, of what was allowed when it was drafted.
    expect((await look(both)).definition).toEqual(shown);
    expect((await said('mcp-server.tools-allowed'))[0]?.payload).toMatchObject({
      approvalId: both,
      authorId: owner.userId,
    });
    expect(await allow('find')).toEqual({ allowed: 1 });
    expect(await allowed()).toEqual(['find']);
  });

  it('is not approved of another server than it was drafted for, nor on top of something else', async () => {
    const { allow, allowed, by, serverId, decide, statusOf } = await withServer();
    const draft = waiting(await allow('find'));
    await saveMcpServer(by(), {
      serverId,
      name: 'tracker',
      transport: { ...transport, command: 'exec node other.mjs' },
    });
    expect(await statusOf(draft)).toBe('voided');
    await expect(decide(draft)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await allowed()).toEqual([]);
  });

  it('counts at once where the policy says so', async () => {
    const { allow, allowed } = await withServer('{ by: admins, also: [agents] }');
    expect(await allow('find')).toEqual({ allowed: 1 });
    expect(await allowed()).toEqual(['find']);
  });
});
