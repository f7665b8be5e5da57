import { expect, it, onTestFinished } from 'vitest';
import { callerAs, testWeb } from '../../api/testing/test-web.ts';
import { furnishedOrg } from '../../api/testing/furnished-org.ts';
import { writeEngines } from '../../adapters/engines/engine-file.ts';
import { openListener } from '../../db/listen.ts';
import { newId } from '../../db/new-id.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeUser } from '../../testing/factories.ts';

it('the operator sees engines, limits and health, no key and nothing of any org; nobody else sees that there is a page', async () => {
  const { database, appUrl } = await testDatabase();
  const listener = openListener(appUrl);
  onTestFinished(() => listener.close());
  const web = testWeb({ database, listener });
  const { org, ids } = await furnishedOrg(database);
  const engine = { name: 'pods', url: 'https://user:pa55@pods.example:2376', image: null, apiKey: 'e2b-very-secret' };
  await writeEngines(web.dataDir, {
    installation: 'one',
    engines: [{ ...engine, tls: { ca: 'CA', key: 'PRIVATE-very-secret' } }],
    use: 'pods',
    orgs: { [org.orgId]: 'local' },
    images: { [ids.repoId]: 'an-image' },
    trust: [org.orgId],
  });
  const person = await makeUser(database);
  const seen = await callerAs(web, { ...person, operator: true }).installation.get();
  expect(seen).toMatchObject({
    places: {
      use: 'pods',
      placed: 1,
      trust: 'some',
      engines: [{ name: 'pods', address: 'https://pods.example:2376/' }],
    },
    mail: 'outbox',
    limits: { callsPerMinute: { key: 300 } },
    counts: { orgs: 1, running: 0, queued: 1, trusted: 0 },
    signUp: { kind: 'open' },
    deletions: [],
  });
  const text = JSON.stringify(seen);
  for (const hidden of [...Object.values(ids), org.orgId, org.slug, org.name, 'very-secret', 'pa55']) {
    expect(text).not.toContain(hidden);
  }
  const asked = callerAs(web, { ...org.owner, operator: false }).installation.get();
  await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(callerAs(web, { ...person, operator: true }).orgs.get({ org: org.slug })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('of an org that is about to go the operator sees its id and its day, and can neither hasten nor undo it', async () => {
  const { database, appUrl } = await testDatabase();
  const listener = openListener(appUrl);
  onTestFinished(() => listener.close());
  const web = testWeb({ database, listener });
  const { org, ids } = await furnishedOrg(database);
  const { orgId, slug, name } = org;
  const dueAt = new Date(Date.now() + 5 * 86_400_000);
  await org.db.orgDeletion.create({ data: { orgId, id: newId('orgDeletion'), requestedBy: org.owner.userId, dueAt } });
  const operator = callerAs(web, { ...(await makeUser(database)), operator: true });
  const seen = await operator.installation.get();
  const going = { org: orgId, requestedAt: expect.any(String), dueAt: dueAt.toISOString(), held: true };
  expect(seen.deletions).toEqual([going]);
  const text = JSON.stringify(seen);
  for (const hidden of [...Object.values(ids), slug, name, org.owner.email, org.owner.userId]) {
    expect(text).not.toContain(hidden);
  }
  await expect(operator.orgs.undoDeletion({ org: slug })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(operator.orgs.requestDeletion({ org: slug, name })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
