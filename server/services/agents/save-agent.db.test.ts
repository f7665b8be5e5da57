import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { newAgent, type AgentSettings } from '../../domain/agents/agent-settings.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeRepo, makeStarters } from '../../testing/factories.ts';
import { setBudget } from '../budgets/set-budget.ts';
import { savePolicy } from '../policy/save-policy.ts';
import { changeRoleTools } from '../roles/change-role-tools.ts';
import { listAgents } from '../views/list-agents.ts';
import { hireAgent } from './hire-agent.ts';
import { listRevisions } from './list-revisions.ts';
import { saveAgent } from './save-agent.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-20T10:00:00Z');

async function hired() {
  const org = await makeOrg(database);
  const { orgId, owner, db } = org;
  const starters = await makeStarters(database, org);
  const { agentId } = starters.roles['developer']!;
  const by = { database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now };
  const view = { db, system: database.system, orgId, now, viewer: { userId: owner.userId, role: 'owner' as const } };
  const settings: AgentSettings = newAgent({ name: 'Developer', maxRuns: 4, secondsLimit: 54_000 });
  const save = (basedOn: number, change: Partial<AgentSettings>, note = 'why') =>
    saveAgent(by, { agentId, basedOn, note, settings: { ...settings, ...change }, restored: null });
  const back = (basedOn: number, restored: number) =>
    saveAgent(by, { agentId, basedOn, note: `Back to ${restored}`, settings: null, restored });
  const revisions = () => listRevisions(view, { agentId });
  const agent = async () => (await listAgents(view)).find(({ id }) => id === agentId)!;
  const said = async (kind: string) =>
    (await readAllEvents(db, { orgId, kind: 'org', subject: orgId }))
      .filter((event) => event.kind === kind)
      .map(({ payload }) => payload);
  return { org, orgId, db, by, agentId, settings, save, back, revisions, agent, said };
}

describe('an agent that people change', () => {
  it('begins with a revision, and each save is the next one, with author, note and what it changed', async () => {
    const { save, revisions, agent, said, org, agentId } = await hired();
    expect(await revisions()).toMatchObject([{ version: 1, note: 'Hired', runs: 0 }]);
    expect(await save(1, { instructions: 'Say what you left out.' }, 'It kept quiet')).toEqual({ revision: 2 });
    const [second, first] = await revisions();
    expect(second).toMatchObject({ version: 2, note: 'It kept quiet', author: org.owner.email });
    expect(second!.text).toContain('instructions: Say what you left out.');
    expect(first!.text).toContain('instructions: none');
    expect(await agent()).toMatchObject({ revision: 2, settings: { instructions: 'Say what you left out.' } });
    const told = { agentId, revision: 2, changed: ['instructions'], note: 'It kept quiet', restored: null };
    expect(await said('agent.revised')).toMatchObject([told]);
  });

  it('goes back by a new revision, which says what it is again', async () => {
    const { save, back, revisions, agent, said } = await hired();
    await save(1, { name: 'Builder', maxRuns: 2 });
    expect(await back(2, 1)).toEqual({ revision: 3 });
    expect((await revisions()).map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(await agent()).toMatchObject({ name: 'Developer', settings: { maxRuns: 4 } });
    expect((await said('agent.revised')).at(-1)).toMatchObject({ restored: 1, changed: ['name', 'maxRuns'] });
    await expect(back(3, 9)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is saved by one of two who changed the same revision, and by none where nothing changes', async () => {
    const { save, revisions } = await hired();
    const both = await Promise.allSettled([save(1, { maxRuns: 2 }), save(1, { maxRuns: 3 })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((one) => one.status === 'rejected');
    expect(lost).toMatchObject({ reason: { code: 'conflict' } });
    const { maxRuns } = (await revisions())[0]!.settings;
    expect(await save(2, { maxRuns })).toEqual({ revision: 2 });
    expect(await revisions()).toHaveLength(2);
  });

  it('takes no name that is taken, no repo and no version of its role that are not there', async () => {
    const { save } = await hired();
    await expect(save(1, { name: 'Code reviewer' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(save(1, { repoId: 'rep_none' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(save(1, { roleVersion: 7 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has a revision too when its places are set with its budget', async () => {
    const { by, agentId, revisions, db, orgId } = await hired();
    const none = { micros: null, tokens: null, seconds: null };
    await setBudget(by, { dimension: 'agent', subject: agentId, ...none, maxRuns: 2 });
    expect((await revisions())[0]).toMatchObject({ version: 2, settings: { maxRuns: 2 } });
    const row = await db.agent.findUniqueOrThrow({ where: { orgId_id: { orgId, id: agentId } } });
    expect(row).toMatchObject({ maxRuns: 2, revision: 2 });
  });

  it('stays at the version of its role that it is kept at', async () => {
    const { by, save, agent } = await hired();
    const change = { role: 'developer', version: 1, tools: ['view' as const, 'handoff' as const], servers: [] };
    await changeRoleTools(by, change);
    expect(await agent()).toMatchObject({ roleVersion: 2, newestRoleVersion: 2 });
    await save(1, { roleVersion: 1 });
    expect(await agent()).toMatchObject({ roleVersion: 1, newestRoleVersion: 2 });
  });

  it('goes back to no older version of its role where the policy wants a second person for versions alone', async () => {
    const { by, org, save, back, agent } = await hired();
    await makeMember(database, org, 'admin');
    const change = { role: 'developer', version: 1, tools: ['view' as const, 'handoff' as const], servers: [] };
    await save(1, { roleVersion: 1 });
    await changeRoleTools(by, change);
    const yaml = 'preset: balanced\napproval: { by: admins, also: [tools] }\n';
    await savePolicy(by, { yaml, note: 'why', basedOn: 1, restored: null });
    expect(await agent()).toMatchObject({ approval: { by: 'another admin or owner of the org', waits: false } });

    expect(await save(2, { roleVersion: 1, maxRuns: 2 })).toEqual({ revision: 3 });
    const refused = { code: 'forbidden', message: /newest, 2, or take version 1 up again/ };
    await expect(hireAgent(by, { role: 'developer', name: 'Second', repoId: null })).rejects.toMatchObject(refused);
    expect(await save(3, { roleVersion: 2 })).toEqual({ revision: 4 });
    await expect(save(4, { roleVersion: 1 })).rejects.toMatchObject(refused);
    await expect(back(4, 2)).rejects.toMatchObject(refused);
    expect(await back(4, 1)).toEqual({ revision: 5 });
    await expect(back(5, 3)).rejects.toMatchObject(refused);
    expect(await agent()).toMatchObject({ roleVersion: 2, revision: 5 });
    await hireAgent(by, { role: 'developer', name: 'Second', repoId: null });
  });

  it('can be hired beside another, for one repo, as that one is set', async () => {
    const { by, save, org, db, orgId } = await hired();
    const { repoId, name: repo } = await makeRepo(org);
    await save(1, { instructions: 'Be brief.' });
    const made = await hireAgent(by, { role: 'developer', name: 'Second', repoId });
    const found = (await listAgents({ db, orgId })).find(({ id }) => 'agentId' in made && id === made.agentId);
    expect(found).toMatchObject({ name: 'Second', repo, revision: 1, settings: { instructions: 'Be brief.', repoId } });
    const again = hireAgent(by, { role: 'developer', name: 'Second', repoId: null });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });
});
