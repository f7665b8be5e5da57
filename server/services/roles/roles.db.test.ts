import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { roleCatalogue } from '../../domain/roles/catalogue.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeOrg, makeStarters } from '../../testing/factories.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { addRole } from './add-role.ts';
import { changeRoleTools } from './change-role-tools.ts';
import { listRoles } from './list-roles.ts';
import { saveRole } from './save-role.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

async function start() {
  const org = await makeOrg(database);
  await makeStarters(database, org);
  const { orgId, db, owner } = org;
  const now = new Date();
  const deps = { database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now };
  const viewer = { userId: owner.userId, role: 'owner' as const };
  const list = () => listRoles({ db, system: database.system, orgId, viewer, now });
  const developer = async () => (await list()).roles.find(({ name }) => name === 'developer')!;
  const kinds = async () => (await readAllEvents(db, { orgId, kind: 'org', subject: orgId })).map(({ kind }) => kind);
  const save = async (change: object, basedOn: number) => {
    const { edit } = (await developer()).versions[0]!;
    return saveRole(deps, { role: 'developer', basedOn, note: 'why', edit: { ...edit, ...change }, restored: null });
  };
  return { org, deps, list, developer, kinds, save };
}

describe('the roles of an org', () => {
  it('are saved as versions with author and note, gone back to, and in the log', async () => {
    const { deps, developer, kinds, save, org } = await start();
    const { version } = (await developer()).versions[0]!;
    expect(await save({ purpose: 'Do less.' }, version)).toEqual({ version: version + 1 });
    const back = { role: 'developer', basedOn: version + 1, note: 'back', edit: null, restored: version };
    expect(await saveRole(deps, back)).toEqual({ version: version + 2 });
    const { versions, agents } = await developer();
    expect(versions.slice(0, 2).map(({ author, note }) => [author, note])).toEqual([
      [org.owner.email, 'back'],
      [org.owner.email, 'why'],
    ]);
    expect(versions[0]!.text).toBe(versions[2]!.text);
    expect(versions[1]!.text).toContain('Do less.');
    expect(agents.length).toBeGreaterThan(0);
    expect((await kinds()).filter((kind) => kind === 'role.saved')).toHaveLength(2);
  });

  it('are saved once where two save on top of the same version, and not where nothing changes', async () => {
    const { developer, save, kinds } = await start();
    const { version } = (await developer()).versions[0]!;
    expect(await save({}, version)).toEqual({ version });
    const both = await Promise.allSettled([save({ title: 'A' }, version), save({ title: 'B' }, version)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    expect((await kinds()).filter((kind) => kind === 'role.saved')).toHaveLength(1);
  });

  it('come from the catalogue or as a copy, each with an agent, under a name that is free', async () => {
    const { deps, list, kinds } = await start();
    expect((await list()).offered.map(({ name }) => name)).toContain('docs-writer');
    await addRole(deps, { from: { kind: 'catalogue', name: 'docs-writer' }, name: 'docs-writer' });
    await addRole(deps, { from: { kind: 'role', name: 'docs-writer' }, name: 'api-writer' });
    const { roles, offered } = await list();
    expect(offered.map(({ name }) => name)).not.toContain('docs-writer');
    const [one, copy] = ['docs-writer', 'api-writer'].map((name) => roles.find((role) => role.name === name)!);
    expect(copy!.versions[0]!.text).toBe(one!.versions[0]!.text);
    expect([one!.agents, copy!.agents]).toEqual([
      [{ name: 'Docs writer', retired: false }],
      [{ name: 'Api writer', retired: false }],
    ]);
    const again = addRole(deps, { from: { kind: 'role', name: 'developer' }, name: 'api-writer' });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    const unknown = addRole(deps, { from: { kind: 'catalogue', name: 'king' }, name: 'king' });
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
    expect((await kinds()).filter((kind) => kind === 'role.added')).toHaveLength(2);
  });

  it('get other tools by a version with author and note, which closes what was drafted before it', async () => {
    const { org, deps, developer, kinds } = await start();
    const { db, orgId, owner } = org;
    const { versions, tools } = await developer();
    const { version, edit } = versions[0]!;
    const what = { of: 'role' as const, roleId: (await db.role.findFirstOrThrow({ where: { name: 'developer' } })).id };
    const draft = { basedOn: version, body: { ...edit }, hash: 'h', note: 'why', restored: null };
    const approvalId = await database.transaction(orgId, (tx) =>
      proposeDefinition(tx, deps, { ...draft, what: { ...what, name: 'developer' } }),
    );
    const fewer = tools.filter((tool) => tool !== 'shell') as [];
    expect(await changeRoleTools(deps, { role: 'developer', version, tools: fewer, servers: [] })).toEqual({
      version: version + 1,
    });
    const [newest] = (await developer()).versions;
    expect(newest).toMatchObject({ author: owner.email, note: 'Tools: shell taken away' });
    const { status } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    expect(status).toBe('voided');
    expect((await kinds()).slice(-2)).toEqual(['role.tools-changed', 'approval.closed']);
  });

  it('that review write nothing', async () => {
    const { deps, list } = await start();
    const reviewer = (await list()).roles.find(({ name }) => name === 'code-reviewer')!;
    const { edit, version } = reviewer.versions[0]!;
    const writes = { ...edit, write: { include: ['src/**'], exclude: [] } };
    const saved = saveRole(deps, { role: 'code-reviewer', basedOn: version, note: 'x', edit: writes, restored: null });
    await expect(saved).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

it('the catalogue has the nine roles', () => {
  expect(roleCatalogue).toHaveLength(9);
});
