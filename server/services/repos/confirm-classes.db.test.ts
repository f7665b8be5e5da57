import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { decide } from '../../domain/policy/decide.ts';
import { usualClasses } from '../../domain/scope/own-classes.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
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
  const by = (now: Date) => ({ database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now });
  const now = new Date();
  await savePolicy(by(now), { yaml: askMoney, note: 'Ask about money', basedOn: 1, restored: null });
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
  const verdict = async (path: string, createdAt: Date) => {
    const newest = { where: { orgId, layer: 'org' }, orderBy: { version: 'desc' as const } };
    const { id: policyVersionId } = await db.policyVersion.findFirstOrThrow(newest);
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
    const of = { orgId, repoId, run: { policyVersionId, createdAt }, scope };
    const { policy, also } = await readRunPolicy(db, of);
    return decide({ policy, also, grants: [], held: [] }, { kind: 'file_write', path }).verdict;
  };
  const confirm = (at: number, basedOn: number, money: string[]) =>
    confirmClasses(by(later(at)), { repoId, basedOn, classes: { ...usualClasses, '@money': money } });
  const codeHost = {
    sync: async () => 'c'.repeat(40),
    listFiles: async () => ['src/shop/cart.js', 'src/billing/invoice.js', 'README.md'],
  };
  const viewer = { userId: owner.userId, role: 'owner' as const };
  const view = () => getClasses({ db, system: database.system, orgId, now, viewer, codeHost }, { repoId });
  return { orgId, db, repoId, owner, by, later, verdict, confirm, view };
}

describe('the classes of a repo', () => {
  it('are Fleet’s own until a person has confirmed others, and are counted in its files', async () => {
    const { view, confirm, owner, orgId, db } = await ready();
    const money = async () => (await view()).classes.find(({ name }) => name === '@money');
    expect(await view()).toMatchObject({ confirmed: null, total: 3 });
    expect(await money()).toMatchObject({ files: 1, examples: ['src/billing/invoice.js'] });
    await confirm(1, 0, ['src/shop/**']);
    expect(await view()).toMatchObject({ confirmed: { version: 1, by: owner.email } });
    expect(await money()).toMatchObject({ files: 1, examples: ['src/shop/cart.js'], globs: ['src/shop/**'] });
    const log = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    const said = log.findLast(({ kind }) => kind === 'repo.classes-confirmed');
    expect(JSON.stringify(said?.payload)).toContain('src/shop/**');
    await expect(confirm(2, 0, [])).rejects.toMatchObject({ code: 'conflict' });
  });

  it('decide from then on: what a run began with holds for it too where that is stricter', async () => {
    const { verdict, confirm, later } = await ready();
    expect(await verdict('src/billing/invoice.js', later(60))).toBe('ask');
    expect(await verdict('src/shop/cart.js', later(60))).toBe('allow');
    await confirm(10, 0, ['src/shop/**']);
    const [before, after] = [later(5), later(60)];
    expect(await verdict('src/shop/cart.js', after)).toBe('ask');
    expect(await verdict('src/billing/invoice.js', after)).toBe('allow');
    // Tighter at once, looser for later runs only.
    expect(await verdict('src/shop/cart.js', before)).toBe('ask');
    expect(await verdict('src/billing/invoice.js', before)).toBe('ask');
    await confirm(20, 1, []);
    expect(await verdict('src/shop/cart.js', after)).toBe('allow');
  });
});
