import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { decide } from '../../domain/policy/decide.ts';
import { noneAdded } from '../../domain/scope/own-classes.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeMember, makeRunWithAll } from '../../testing/factories.ts';
import { savePolicy } from '../policy/save-policy.ts';
import { readRunPolicy } from '../policy/read-run-policy.ts';
import { confirmClasses } from './confirm-classes.ts';
import { getClasses } from './get-classes.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const askMoney = `preset: balanced
limits:
  - { id: ask-money, on: write, paths: ['@money'], then: ask, why: it is money. }
`;

async function ready() {
  const { org, repoId } = await makeRunWithAll(database);
  const { orgId, owner, db } = org;
  const by = (now: Date, userId = owner.userId) => ({ database, orgId, actor: { type: 'user' as const, userId }, now });
  const now = new Date();
  await savePolicy(by(now), { yaml: askMoney, note: 'Ask about money', basedOn: 1, restored: null });
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
  const read = async (createdAt: Date) => {
    const newest = { where: { orgId, layer: 'org' }, orderBy: { version: 'desc' as const } };
    const { id: policyVersionId } = await db.policyVersion.findFirstOrThrow(newest);
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
    const of = { orgId, repoId, run: { policyVersionId, createdAt }, scope };
    return readRunPolicy(db, of);
  };
  const change = async (createdAt: Date) => (await read(createdAt)).change;
  const verdict = async (path: string, createdAt: Date) => {
    const { policy, also } = await read(createdAt);
    return decide({ policy, also, grants: [], held: [] }, { kind: 'file_write', path }).verdict;
  };
  const confirm = (at: number, basedOn: number, money: string[], userId?: string) =>
    confirmClasses(by(later(at), userId), { repoId, basedOn, classes: { ...noneAdded, '@money': money } });
  const codeHost = {
    sync: async () => 'c'.repeat(40),
    listFiles: async () => ['src/shop/cart.js', 'src/billing/invoice.js', 'README.md'],
  };
  const viewer = { userId: owner.userId, role: 'owner' as const };
  const view = () => getClasses({ db, system: database.system, orgId, now, viewer, codeHost }, { repoId });
  return { org, orgId, db, repoId, owner, by, later, verdict, change, confirm, view };
}

describe('the classes of a repo', () => {
  it('are Fleet’s own until a person has confirmed others, and are counted in its files', async () => {
    const { view, confirm, owner, orgId, db } = await ready();
    const money = async () => (await view()).classes.find(({ name }) => name === '@money');
    expect(await view()).toMatchObject({ confirmed: null, total: 3 });
    expect(await money()).toMatchObject({ files: 1, examples: ['src/billing/invoice.js'] });
    await confirm(1, 0, ['src/shop/**']);
    expect(await view()).toMatchObject({ confirmed: { version: 1, by: owner.email } });
    expect(await money()).toMatchObject({ files: 2, examples: ['src/shop/cart.js', 'src/billing/invoice.js'] });
    const log = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    const said = log.findLast(({ kind }) => kind === 'repo.classes-confirmed');
    expect(JSON.stringify(said?.payload)).toContain('src/shop/**');
    await expect(confirm(2, 0, [])).rejects.toMatchObject({ code: 'conflict' });
  });

  it('decide from then on beside Fleet’s own; what a run began with holds for it too where that is stricter', async () => {
    const { verdict, change, confirm, later } = await ready();
    expect(await verdict('src/billing/invoice.js', later(60))).toBe('ask');
    expect(await verdict('src/shop/cart.js', later(60))).toBe('allow');
    await confirm(10, 0, ['src/shop/**']);
    const [before, after] = [later(5), later(60)];
    for (const path of ['src/shop/cart.js', 'src/billing/invoice.js']) {
      expect(await verdict(path, after)).toBe('ask');
      expect(await verdict(path, before)).toBe('ask');
    }
    // A run under way is told what is stricter now, and what later runs no longer have.
    expect(await change(before)).toMatchObject({ stricter: ['this repo adds to @money: src/shop/**'], looser: [] });
    expect(await change(after)).toBeNull();
    await confirm(70, 1, []);
    expect(await verdict('src/shop/cart.js', later(80))).toBe('allow');
    expect(await verdict('src/shop/cart.js', after)).toBe('ask');
    expect(await change(after)).toMatchObject({
      stricter: [],
      looser: ['this repo no longer adds to @money: src/shop/**'],
    });
  });

  it('are added to by whoever may confirm them, and taken from by whoever may change the policy alone', async () => {
    const { org, confirm, by, later } = await ready();
    const maintainer = (await makeMember(database, org, 'maintainer')).userId;
    const admin = (await makeMember(database, org, 'admin')).userId;
    await confirm(1, 0, ['src/shop/**'], maintainer);
    await confirm(2, 1, ['src/shop/**', 'src/tax/**'], maintainer);
    await expect(confirm(3, 2, ['src/shop/**'], maintainer)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('@money: src/tax/**'),
    });
    await confirm(4, 2, ['src/shop/**'], admin);
    const save = (yaml: string, basedOn: number) =>
      savePolicy(by(later(5)), { yaml, note: 'x', basedOn, restored: null });
    await save(`${askMoney}changes: owners\n`, 2);
    await expect(confirm(6, 3, [], admin)).rejects.toMatchObject({ code: 'forbidden' });
    await confirm(7, 3, []);
    await confirm(8, 4, ['src/shop/**'], maintainer);
    await save(`${askMoney}approval: { by: admins }\n`, 3);
    await expect(confirm(9, 5, [])).rejects.toMatchObject({ message: expect.stringContaining('second person') });
    await confirm(10, 5, ['src/**', 'src/shop/**'], maintainer);
  });
});
