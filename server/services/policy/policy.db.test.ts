import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { decide } from '../../domain/policy/decide.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeRepo, makeStarters, type TestOrg } from '../../testing/factories.ts';
import { getPolicy } from './get-policy.ts';
import { readRunPolicy } from './read-run-policy.ts';
import { savePolicy } from './save-policy.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

const strict = `preset: balanced
limits:
  - { id: no-docs, on: write, paths: ['docs/**'], then: deny }
cases:
  - { write: docs/a.md, is: deny }
`;

async function start() {
  const org: TestOrg = await makeOrg(database);
  const { policyVersionId } = await makeStarters(database, org);
  const { orgId, db, owner } = org;
  const deps = { database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now: new Date() };
  const save = (yaml: string, basedOn: number, restored: number | null = null) =>
    savePolicy(deps, { yaml, note: 'why', basedOn, restored });
  const viewer = { userId: owner.userId, role: 'owner' as const };
  const get = () => getPolicy({ db, system: database.system, orgId, viewer, now: new Date() });
  return { org, orgId, db, save, get, policyVersionId };
}

describe('the policy of an org', () => {
  it('is saved as a version with author and note, can be gone back to, and is in the log', async () => {
    const { save, get, db, orgId, org } = await start();
    const first = await get();
    expect(await save(strict, 1)).toEqual({ version: 2 });
    expect(await save(first.yaml, 2, 1)).toEqual({ version: 3 });
    const { version, yaml, versions } = await get();
    expect([version, yaml]).toEqual([3, first.yaml]);
    expect(versions.map(({ author, note }) => [author, note])).toEqual([
      [org.owner.email, 'why'],
      [org.owner.email, 'why'],
      [null, ''],
    ]);
    expect(await db.event.count({ where: { orgId, kind: 'policy.saved' } })).toBe(2);
  });

  it('is saved once where two save on top of the same version', async () => {
    const { save } = await start();
    const both = await Promise.allSettled([save(strict, 1), save(strict, 1)]);
    const lost = both.find((each) => each.status === 'rejected');
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(lost).toMatchObject({ reason: { code: 'conflict', message: expect.stringContaining('Version 2') } });
  });

  it('is changed by owners alone where the saved one says so', async () => {
    const { save, org, orgId } = await start();
    await save('preset: balanced\nchanges: owners\n', 1);
    const admin = await makeMember(database, org, 'admin');
    const actor = { type: 'user' as const, userId: admin.userId };
    const by = { database, orgId, actor, now: new Date() };
    const loosened = { yaml: 'preset: autonomous\n', note: 'why', basedOn: 2, restored: null };
    await expect(savePolicy(by, loosened)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await save('preset: balanced\n', 2)).toEqual({ version: 3 });
    expect(await savePolicy(by, { ...loosened, basedOn: 3 })).toEqual({ version: 4 });
  });

  it('is not saved where it cannot be read or a case fails', async () => {
    const { save, get } = await start();
    await expect(save('preset: bold', 1)).rejects.toMatchObject({ code: 'invalid_input', message: /^Line 1: preset/ });
    await expect(save(strict.replace('is: deny', 'is: ask'), 1)).rejects.toThrow(/a case fails.*docs\/a\.md/);
    expect((await get()).version).toBe(1);
  });

  it('reaches a run where it is stricter than the one that the run began with, and not where it is looser', async () => {
    const { save, db, orgId, org, policyVersionId } = await start();
    const { repoId } = await makeRepo(org);
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
    const run = { policyVersionId, createdAt: new Date() };
    const write = async (path: string, began = run) => {
      const policy = await readRunPolicy(db, { orgId, repoId, run: began, scope });
      return decide({ ...policy, grants: [], held: [] }, { kind: 'file_write', path });
    };
    expect((await write('docs/a.md')).verdict).toBe('allow');
    await save(`${strict}without: [w8-migrations]\n`, 1);
    const newest = await db.policyVersion.findFirstOrThrow({ where: { orgId, version: 2 } });
    expect(await write('docs/a.md')).toMatchObject({ verdict: 'deny', rule: 'no-docs', version: newest.id });
    expect((await write('db/migrations/1.sql')).verdict).toBe('ask');
    expect((await write('db/migrations/1.sql', { ...run, policyVersionId: newest.id })).verdict).toBe('allow');
  });
});
