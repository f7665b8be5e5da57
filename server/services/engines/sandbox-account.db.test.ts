import { beforeAll, expect, test } from 'vitest';
import { callerAs, testWeb } from '../../api/testing/test-web.ts';
import { openListener } from '../../db/listen.ts';
import type { SandboxServiceAnswer } from '../../domain/ports/ask-sandbox-service.ts';
import type { Placing } from '../../domain/ports/placing.ts';
import { testSecretBoxes } from '../../testing/secret-boxes.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, type TestOrg } from '../../testing/factories.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { readOwnValues } from '../secrets/own-values.ts';
import { whyNoKernel } from './kernel.ts';
import { readSandboxAccount } from './sandbox-account.ts';

const key = 'e2b_very-secret-0123456789-wxyz';
let tested: TestDatabase;
let secretBoxes: SecretBoxes;
let web: ReturnType<typeof testWeb>;
beforeAll(async () => {
  tested = await testDatabase();
  secretBoxes = testSecretBoxes(tested.database);
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  return () => listener.close();
});

function as(org: TestOrg, answer: SandboxServiceAnswer = { kind: 'accepted' }, by = org.owner) {
  const caller = callerAs({ ...web, askSandboxService: async () => answer }, { ...by, operator: false });
  const typed = { org: org.slug, baseUrl: ' https://E2B.app/ ', template: 'base', key };
  return {
    caller,
    view: () => caller.settings.sandboxes({ org: org.slug }),
    save: (over: Partial<typeof typed> = {}) => caller.settings.saveSandboxAccount({ ...typed, ...over }),
    remove: () => caller.settings.removeSandboxAccount({ org: org.slug }),
    read: () => readSandboxAccount({ db: org.db, orgId: org.orgId, secretBoxes }),
  };
}

test('an account is saved with a sealed key that nobody can read again, replaced and removed', async () => {
  const org = await makeOrg(tested.database);
  const { caller, view, save, remove, read } = as(org);
  expect(await view()).toEqual({ placedByName: false, account: null });
  await save();
  expect(await view()).toMatchObject({ account: { baseUrl: 'https://e2b.app', template: 'base', hint: 'wxyz' } });
  expect(await read()).toEqual({ domain: 'e2b.app', template: 'base', apiKey: key });
  expect(await tested.database.orgsWithSandboxAccount()).toContain(org.orgId);
  expect(await readOwnValues({ db: org.db, orgId: org.orgId, secretBoxes })).toEqual([
    { name: 'sandbox-key', value: key },
  ]);
  await save({ baseUrl: 'https://e2b.example.com:8443', template: 'big', key: `${key}-2` });
  expect(await read()).toEqual({ domain: 'e2b.example.com:8443', template: 'big', apiKey: `${key}-2` });
  await remove();
  await remove();
  expect(await read()).toBeNull();
  const log = await caller.audit.events({ org: org.slug });
  const rows = await tested.admin('select * from sandbox_account', []);
  expect(JSON.stringify([log, rows])).not.toContain('very-secret');
  const kinds = JSON.stringify(log).match(/"sandbox-account\.\w+"/gu);
  expect(kinds?.toSorted()).toEqual([
    '"sandbox-account.removed"',
    '"sandbox-account.saved"',
    '"sandbox-account.saved"',
  ]);
});

test('a key that was moved to another address does not open', async () => {
  const org = await makeOrg(tested.database);
  const { save, read } = as(org);
  await save();
  await org.db.sandboxAccount.updateMany({ where: { orgId: org.orgId }, data: { domain: 'evil.example' } });
  await expect(read()).rejects.toThrow();
});

test.each<[string, SandboxServiceAnswer, object, RegExp]>([
  ['a rejected key', { kind: 'rejected' }, {}, /rejects this key/u],
  [
    'an inward address',
    { kind: 'not_allowed' },
    {},
    /operator of this server.*npx fleet engine add NAME --url e2b:\/\/e2b\.app/u,
  ],
  [
    'nobody there',
    { kind: 'unreachable', why: 'no answer' },
    {},
    /did not answer at https:\/\/e2b\.app \(no answer\)/u,
  ],
  ['plain http', { kind: 'accepted' }, { baseUrl: 'http://e2b.app' }, /for example https:\/\/e2b\.app/u],
  ['a path', { kind: 'accepted' }, { baseUrl: 'https://e2b.app/v1' }, /nothing behind it/u],
  ['an address', { kind: 'accepted' }, { baseUrl: 'https://127.0.0.1' }, /for example/u],
  ['somebody in front', { kind: 'accepted' }, { baseUrl: 'https://x@e2b.app' }, /for example/u],
  ['no key', { kind: 'accepted' }, { key: 'two words here' }, /not an API key/u],
  ['an odd template', { kind: 'accepted' }, { template: '$(id)' }, /A template has a name/u],
])('%s is refused, and nothing is saved', async (_what, answer, over, words) => {
  const org = await makeOrg(tested.database);
  const { save, read, view } = as(org, answer);
  await expect(save(over)).rejects.toThrow(words);
  expect(await read()).toBeNull();
  expect((await view()).account).toBeNull();
});

test('an address that nobody has is said to be none', async () => {
  const org = await makeOrg(tested.database);
  const { owner, slug } = org;
  const typed = { org: slug, baseUrl: 'https://nowhere.invalid', template: 'base', key };
  const saving = callerAs(web, { ...owner, operator: false }).settings.saveSandboxAccount(typed);
  await expect(saving).rejects.toThrow(/did not answer at https:\/\/nowhere\.invalid \(no such host/u);
});

test('a member sees where commands run, and may not change it', async () => {
  const org = await makeOrg(tested.database);
  await as(org).save();
  const member = await makeMember(tested.database, org, 'member');
  const { view, save, remove } = as(org, { kind: 'accepted' }, member);
  expect((await view()).account).toMatchObject({ hint: 'wxyz' });
  await expect(save()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(remove()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('with an account of its own an org asks for no kernel, unless the operator placed it by name', async () => {
  const org = await makeOrg(tested.database);
  await tested.database.system.kernel.create({ data: { name: 'k', orgId: 'org_other', since: new Date() } });
  const placing =
    (byName: boolean): Placing =>
    async () => ({ kernel: 'k', trusts: () => false, byName });
  const why = (byName: boolean) =>
    whyNoKernel({ database: tested.database, orgId: org.orgId, placing: placing(byName) });
  expect(await why(false)).toContain('Settings, Sandboxes');
  await as(org).save();
  expect(await why(false)).toBeNull();
  expect(await why(true)).not.toBeNull();
});
