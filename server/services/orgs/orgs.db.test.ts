import { beforeAll, describe, expect, it } from 'vitest';
import { readEvents } from '../../db/read-events.ts';
import { changePipeline } from '../../domain/pipeline/definition.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg, makeUser } from '../../testing/factories.ts';
import { createOrg } from './create-org.ts';
import { getStarters } from './get-starters.ts';
import { hireStarters } from './hire-starters.ts';
import { listOrgs } from './list-orgs.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const now = new Date('2026-11-01T10:00:00Z');
const deps = (userId: string) => ({ database: tested.database, userId, now, environmentModelKey: false });

async function kinds(orgId: string): Promise<string[]> {
  const db = tested.database.org(orgId);
  const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 100 });
  return events.map(({ kind }) => kind);
}

describe('createOrg', () => {
  it('makes the org with its owner and the first two events of its log', async () => {
    const { userId } = await makeUser(tested.database);
    const org = await createOrg(deps(userId), { name: 'Müller & Søn' });
    expect(org).toMatchObject({ slug: 'muller-s-n', name: 'Müller & Søn', role: 'owner', model: { kind: 'scripted' } });
    expect(await kinds(org.id)).toEqual(['org.created', 'member.joined']);
    const { id, slug, role, name } = org;
    expect(await listOrgs(tested.database, { userId })).toEqual([{ id, slug, role, name }]);
  });

  it('ten at once by the same name get ten slugs', async () => {
    const { userId } = await makeUser(tested.database);
    const made = await Promise.all(Array.from({ length: 10 }, () => createOrg(deps(userId), { name: 'Acme' })));
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(10);
    expect(made.map(({ slug }) => slug).sort()).toContain('acme');
  });

  it.each([
    ['API', /^api-\d+$/],
    ['sign in', /^sign-in-\d+$/],
    ['日本', /^org(-\d+)?$/],
    ['-- --', /^org(-\d+)?$/],
    ['x'.repeat(80), /^x{40}$/],
  ])('%s gets a slug that is no path of ours', async (name, slug) => {
    const { userId } = await makeUser(tested.database);
    expect((await createOrg(deps(userId), { name })).slug).toMatch(slug);
  });
});

describe('hireStarters', () => {
  it('hires two agents under a policy and a pipeline, once, however often and however parallel', async () => {
    const { orgId, db, owner } = await makeOrg(tested.database);
    const actor = { type: 'user' as const, userId: owner.userId };
    expect((await getStarters({ db, orgId })).hired).toBe(false);
    const hire = () => hireStarters({ database: tested.database, orgId, actor, now });
    const answers = await Promise.all([hire(), hire(), hire()]);
    answers.push(await hire());
    for (const answer of answers) {
      expect(answer.agents).toEqual([
        { name: 'Developer', role: 'developer' },
        { name: 'Code reviewer', role: 'code-reviewer' },
      ]);
    }
    expect((await getStarters({ db, orgId })).hired).toBe(true);
    expect(await db.agent.count({ where: { orgId } })).toBe(2);
    expect((await kinds(orgId)).filter((kind) => kind === 'starters.hired')).toHaveLength(1);
    const versions = await db.roleVersion.findMany({ where: { orgId } });
    for (const { body } of versions) expect(() => roleBody.parse(body)).not.toThrow();
    const pipeline = await db.pipelineVersion.findFirstOrThrow({ where: { orgId } });
    expect(pipeline).toMatchObject({ name: 'change', version: 1, body: changePipeline });
  });
});
