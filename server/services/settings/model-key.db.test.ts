import { beforeAll, describe, expect, it } from 'vitest';
import { openListener } from '../../db/listen.ts';
import { readEvents } from '../../db/read-events.ts';
import { callerAs, testWeb } from '../../api/testing/test-web.ts';
import { testSecretBoxes } from '../../testing/secret-boxes.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, type TestOrg, type TestUser } from '../../testing/factories.ts';
import { anthropicId } from '../../domain/models/model-settings.ts';
import { readConnectionKey } from './connection-key.ts';

const key = 'sk-ant-api03-very-secret-0123456789-wxyz';
let tested: TestDatabase;
let web: ReturnType<typeof testWeb>;

beforeAll(async () => {
  tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  return () => listener.close();
});

const as = ({ userId, email }: TestUser, verdict: 'accepted' | 'rejected' | 'unreachable' = 'accepted') =>
  callerAs({ ...web, checkModelKey: async () => verdict }, { userId, email, operator: true });

async function everything(org: TestOrg): Promise<string> {
  const { orgId, db, slug } = org;
  const calls = as(org.owner);
  const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 100 });
  const seen = [
    await calls.settings.model({ org: slug }),
    await calls.orgs.get({ org: slug }),
    await calls.orgs.list(),
    await calls.me.get(),
    await calls.audit.events({ org: slug }),
    events,
  ];
  const raw = await tested.admin('select encode(ciphertext, $1) as c, hint, name from secret', ['escape']);
  return JSON.stringify([seen, raw, web.reported]);
}

describe('model key', () => {
  it('is saved sealed, and nothing that a person can ask for shows more than its end', async () => {
    const org = await makeOrg(tested.database);
    expect(await as(org.owner).settings.model({ org: org.slug })).toMatchObject({ kind: 'scripted', source: 'none' });
    const status = await as(org.owner).settings.saveModelKey({ org: org.slug, key: ` ${key}\n` });
    expect(status).toMatchObject({ kind: 'anthropic', source: 'org_key', hint: 'wxyz' });
    expect(await everything(org)).not.toContain('very-secret');
    expect(
      await readConnectionKey(
        { db: org.db, orgId: org.orgId, secretBoxes: testSecretBoxes(tested.database) },
        anthropicId,
      ),
    ).toBe(key);
  });

  it('is replaced by another, and forgotten', async () => {
    const org = await makeOrg(tested.database);
    const { settings } = as(org.owner);
    await settings.saveModelKey({ org: org.slug, key });
    await settings.saveModelKey({ org: org.slug, key: `${key}2` });
    expect(
      await readConnectionKey(
        { db: org.db, orgId: org.orgId, secretBoxes: testSecretBoxes(tested.database) },
        anthropicId,
      ),
    ).toBe(`${key}2`);
    expect(await settings.removeModelKey({ org: org.slug })).toMatchObject({ kind: 'scripted' });
    expect(
      await readConnectionKey(
        { db: org.db, orgId: org.orgId, secretBoxes: testSecretBoxes(tested.database) },
        anthropicId,
      ),
    ).toBeNull();
    await settings.removeModelKey({ org: org.slug });
    const { orgId } = org;
    const events = await readEvents(org.db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 100 });
    expect(events.map(({ kind }) => kind).filter((kind) => kind.startsWith('model-key'))).toEqual([
      'model-key.saved',
      'model-key.saved',
      'model-key.removed',
    ]);
  });

  it.each([
    ['what the provider rejects', key, 'Anthropic rejects this key'],
    ['what is no key', 'hunter2', 'not an API key'],
    ['a key with a space in it', `${key} ${key}`, 'not an API key'],
  ])('refuses %s and keeps what there was', async (_name, bad, message) => {
    const org = await makeOrg(tested.database);
    const saving = as(org.owner, 'rejected').settings.saveModelKey({ org: org.slug, key: bad });
    await expect(saving).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining(message) });
    await expect(saving).rejects.not.toMatchObject({ message: expect.stringContaining(bad) });
    expect(await org.db.secret.count()).toBe(0);
  });

  it('takes a key that cannot be checked from here, and says so', async () => {
    const org = await makeOrg(tested.database);
    const status = await as(org.owner, 'unreachable').settings.saveModelKey({ org: org.slug, key });
    expect(status.sentence).toContain('could not be checked');
  });

  it('of one org opens in no other, whatever row it is copied to', async () => {
    const org = await makeOrg(tested.database);
    const thief = await makeOrg(tested.database);
    await as(org.owner).settings.saveModelKey({ org: org.slug, key });
    await tested.admin(
      `insert into secret (org_id, id, name, ciphertext, nonce, key_version, hint, updated_at)
       select $2, id, name, ciphertext, nonce, key_version, hint, updated_at from secret where org_id = $1`,
      [org.orgId, thief.orgId],
    );
    const reading = readConnectionKey(
      { db: thief.db, orgId: thief.orgId, secretBoxes: testSecretBoxes(tested.database) },
      anthropicId,
    );
    await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
  });

  it("is not a member's to set, and the server's own key answers where the org has none", async () => {
    const org = await makeOrg(tested.database);
    const member = await makeMember(tested.database, org, 'maintainer');
    await expect(as(member).settings.saveModelKey({ org: org.slug, key })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const served = { ...web, settings: { ...web.settings, environmentModelKey: true } };
    const status = await callerAs(served, { ...member, operator: false }).settings.model({ org: org.slug });
    expect(status).toMatchObject({ kind: 'anthropic', source: 'environment', hint: null });
  });
});
