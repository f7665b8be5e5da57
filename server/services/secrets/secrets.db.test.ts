import { beforeAll, describe, expect, it } from 'vitest';
import { callerAs, testWeb } from '../../api/testing/test-web.ts';
import { openListener } from '../../db/listen.ts';
import { readEvents } from '../../db/read-events.ts';
import { testSecretBoxes } from '../../testing/secret-boxes.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeRepo, type TestOrg, type TestUser } from '../../testing/factories.ts';
import { readRepoSecrets } from './repo-secrets.ts';

const value = 'npm_very-secret-0123456789';
let tested: TestDatabase;
let web: ReturnType<typeof testWeb>;
beforeAll(async () => {
  tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  return () => listener.close();
});

const entry = {
  ...{ secretId: null, name: 'NPM_TOKEN', places: ['npm.example.com'], header: 'Authorization: Bearer {}', value },
  ...{ inSetUp: true, inRuns: false, repoId: null },
};

function as(org: TestOrg, user: TestUser = org.owner) {
  const calls = callerAs(web, { ...user, operator: false });
  const ofOrg = { org: org.slug };
  return {
    list: () => calls.secrets.list(ofOrg),
    save: (over: Partial<Omit<typeof entry, 'secretId' | 'repoId'>> & { secretId?: string; repoId?: string } = {}) =>
      calls.secrets.save({ ...ofOrg, ...entry, ...over }),
    remove: (secretId: string) => calls.secrets.remove({ ...ofOrg, secretId }),
    calls,
  };
}

const opened = ({ db, orgId }: TestOrg, repoId = 'rep_any') =>
  readRepoSecrets({ db, orgId, secretBoxes: testSecretBoxes(tested.database) }, repoId);
const eventsOf = ({ db, orgId }: TestOrg) =>
  readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 100 });

describe('a secret', () => {
  it('is saved sealed, and nothing that a person can ask for shows it', async () => {
    const org = await makeOrg(tested.database);
    const { save, list, calls } = as(org);
    const { secretId } = await save({ value: ` ${value}\n`, places: ['NPM.example.com ', 'npm.example.com'] });
    const seen = await list();
    const { name, places, header, inSetUp, inRuns, repoId } = entry;
    const shown = { name, places, header, inSetUp, inRuns, repoId };
    expect(seen).toEqual([{ ...shown, id: secretId, repoName: null, updatedAt: expect.any(String) }]);
    const raw = await tested.admin('select encode(ciphertext, $1) as c, s.* from network_secret s', ['escape']);
    const events = await eventsOf(org);
    const everything = JSON.stringify([seen, raw, events, web.reported, await calls.audit.events({ org: org.slug })]);
    expect(everything).not.toContain('very-secret');
    expect(events.at(-1)).toMatchObject({
      kind: 'secret.saved',
      payload: { name: 'NPM_TOKEN', places: ['npm.example.com'], replaced: false },
    });
  });

  it('is opened for the proxies of set-ups, or of runs, and sandboxes get a placeholder', async () => {
    const org = await makeOrg(tested.database);
    await as(org).save();
    await as(org).save({ name: 'API_KEY', inSetUp: false, inRuns: true, places: ['api.example:8443'] });
    const secrets = await opened(org);
    expect(Object.keys(secrets.env)).toEqual(['API_KEY', 'NPM_TOKEN']);
    expect(JSON.stringify(secrets.env)).not.toContain('very-secret');
    const { credentials, rules } = secrets.forSetUp();
    expect(credentials).toMatchObject([{ name: 'NPM_TOKEN', value, placeholder: secrets.env['NPM_TOKEN'] }]);
    expect(rules).toEqual([{ host: 'npm.example.com', ports: [443] }]);
    const places = [{ host: 'api.example', port: 8443 }];
    expect(secrets.forRun()).toMatchObject([{ name: 'API_KEY', places, placeholder: secrets.env['API_KEY'] }]);
    expect(secrets.inRuns).toEqual([
      { name: 'API_KEY', places: ['api.example:8443'], header: 'Authorization: Bearer {}' },
    ]);
  });

  it('of one repo is for no other', async () => {
    const org = await makeOrg(tested.database);
    const [one, other] = [await makeRepo(org), await makeRepo(org)];
    await as(org).save({ repoId: one.repoId });
    expect((await opened(org, one.repoId)).forSetUp().credentials).toHaveLength(1);
    expect(await opened(org, other.repoId)).toMatchObject({ env: {} });
    expect(await as(org).list()).toMatchObject([{ repoName: one.name }]);
    await expect(as(org).save({ name: 'X_TOKEN', repoId: 'rep_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is replaced whole, gets another placeholder, and is forgotten', async () => {
    const org = await makeOrg(tested.database);
    const { save, remove, list } = as(org);
    const { secretId } = await save();
    const before = await opened(org);
    await save({ secretId, value: 'another-one-entirely', places: ['other.example'] });
    const after = await opened(org);
    expect(after.forSetUp().credentials).toMatchObject([
      { value: 'another-one-entirely', places: [{ host: 'other.example', port: 443 }] },
    ]);
    expect(after.env).not.toEqual(before.env);
    await remove(secretId);
    await remove(secretId);
    expect(await list()).toEqual([]);
    await expect(save({ secretId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await eventsOf(org)).map(({ kind }) => kind).filter((kind) => kind.startsWith('secret'))).toEqual([
      ...['secret.saved', 'secret.saved', 'secret.removed'],
    ]);
  });
});

describe('what is refused', () => {
  it.each([
    [{ places: ['https://x'] }, 'BAD_REQUEST', /write a host such as/],
    [{ header: 'Authorization' }, 'BAD_REQUEST', /with \{\} for the secret/],
    [{ value: 'short' }, 'BAD_REQUEST', /8 to 8,000/],
    [{ inSetUp: false }, 'BAD_REQUEST', /where it is used/],
    [{ name: 'PATH' }, 'BAD_REQUEST', /meaning of its own/],
  ])('%j: nothing is saved, and the refusal does not repeat the secret', async (over, code, message) => {
    const org = await makeOrg(tested.database);
    const saving = as(org).save(over);
    await expect(saving).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(saving).rejects.not.toMatchObject({ message: expect.stringContaining('very-secret') });
    expect(await org.db.networkSecret.count()).toBe(0);
  });

  it('two under one name, also at once', async () => {
    const org = await makeOrg(tested.database);
    const both = await Promise.allSettled([as(org).save(), as(org).save()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(as(org).save()).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('to be sent anywhere but where it was entered for: changed in the database it does not open', async () => {
    const org = await makeOrg(tested.database);
    await as(org).save();
    for (const change of ["places = '{evil.example}'", "header = 'X-Log: {}'"]) {
      await tested.admin(`update network_secret set ${change} where org_id = $1`, [org.orgId]);
      const secrets = await opened(org);
      expect(() => secrets.forSetUp()).toThrow(/cannot be opened/);
    }
  });

  it('another org: it neither sees nor opens nor replaces nor removes it, whatever row it is copied to', async () => {
    const [org, thief] = [await makeOrg(tested.database), await makeOrg(tested.database)];
    const { secretId } = await as(org).save();
    expect(await as(thief).list()).toEqual([]);
    await expect(as(thief).save({ secretId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await as(thief).remove(secretId);
    expect(await as(org).list()).toHaveLength(1);
    await tested.admin(
      `insert into network_secret select $2, id, name, places, header, in_set_up, in_runs, repo_id, ciphertext, nonce, key_version, updated_at
       from network_secret where org_id = $1`,
      [org.orgId, thief.orgId],
    );
    const copied = await opened(thief);
    expect(() => copied.forSetUp()).toThrow(/cannot be opened/);
  });

  it('a member who may not configure; whoever may read the org sees names and hosts', async () => {
    const org = await makeOrg(tested.database);
    const member = await makeMember(tested.database, org, 'maintainer');
    const { secretId } = await as(org).save();
    await expect(as(org, member).save({ name: 'X_TOKEN' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(as(org, member).remove(secretId)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await as(org, member).list()).toMatchObject([{ name: 'NPM_TOKEN' }]);
  });
});
