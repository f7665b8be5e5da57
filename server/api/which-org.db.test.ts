import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../db/new-id.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeOrg, makeRunWithAll, type TestOrg } from '../testing/factories.ts';
import type { AppRouter } from './root.ts';
import type { Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';
import { signedInCookie } from './testing/sign-in.ts';

let tested: TestDatabase;
let served: Served;
beforeAll(async () => {
  ({ tested, served } = await servedWeb());
});

/** Somebody who owns one org and looks at another, with a client whose headers and cookies name the one that is owned. */
async function inTwoOrgs() {
  const { org: looked, runId } = await makeRunWithAll(tested.database);
  const owned: TestOrg = await makeOrg(tested.database);
  const { userId } = owned.owner;
  const row = { orgId: looked.orgId, id: newId('member'), userId, role: 'auditor' as const, createdAt: new Date() };
  await looked.db.member.create({ data: row });
  const cookie = await signedInCookie(tested.database, userId);
  const client = createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${served.url}/api/trpc`,
        transformer: superjson,
        maxItems: 20,
        headers: {
          origin: served.url,
          cookie: `${cookie}; org=${owned.slug}; org_id=${owned.orgId}`,
          ...{ 'x-org': owned.slug, 'x-org-id': owned.orgId, referer: `${served.url}/${owned.slug}/settings` },
        },
      }),
    ],
  });
  return { client, owned, looked, runId };
}

const codeOf = (calling: Promise<unknown>) =>
  calling.then(
    () => 'OK',
    (error: { data?: { code?: string } }) => error.data?.code,
  );

describe('the org of a call', () => {
  it('is the one its input names, whatever headers, cookies and other fields say', async () => {
    const { client, owned, looked } = await inTwoOrgs();
    expect(await client.orgs.get.query({ org: looked.slug })).toMatchObject({ id: looked.orgId, role: 'auditor' });
    const more = { org: looked.slug, orgId: owned.orgId, org_id: owned.orgId, slug: owned.slug, role: 'owner' };
    expect(await client.orgs.get.query(more)).toMatchObject({ id: looked.orgId, role: 'auditor' });
    expect(await codeOf(client.orgs.rename.mutate({ ...more, name: 'Taken' }))).toBe('FORBIDDEN');
    const row = await looked.db.org.findUniqueOrThrow({ where: { id: looked.orgId } });
    expect(row.name).toBe(looked.name);
  });

  it('is each call’s own in one request for both', async () => {
    const { client, owned, looked, runId } = await inTwoOrgs();
    const [first, second, read, foreign, renamed, refused] = await Promise.all([
      client.orgs.get.query({ org: owned.slug }),
      client.orgs.get.query({ org: looked.slug }),
      codeOf(client.runs.get.query({ org: looked.slug, runId })),
      codeOf(client.runs.get.query({ org: owned.slug, runId })),
      codeOf(client.orgs.rename.mutate({ org: owned.slug, name: 'Mine' })),
      codeOf(client.orgs.rename.mutate({ org: looked.slug, name: 'Not mine' })),
    ]);
    expect([first.id, first.role, second.id, second.role]).toEqual([owned.orgId, 'owner', looked.orgId, 'auditor']);
    expect([read, foreign, renamed, refused]).toEqual(['OK', 'NOT_FOUND', 'OK', 'FORBIDDEN']);
  });

  it('stays the same while the person switches, 200 calls at once', async () => {
    const { client, owned, looked } = await inTwoOrgs();
    const asked = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? owned : looked));
    const answered = await Promise.all(asked.map(({ slug }) => client.people.list.query({ org: slug })));
    const roles = answered.map(({ members }) => members.find(({ isYou }) => isYou)?.role);
    expect(roles).toEqual(asked.map((org) => (org === owned ? 'owner' : 'auditor')));
  });
});
