import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../db/new-id.ts';
import { readEvents } from '../../db/read-events.ts';
import { proofName, proofText } from '../../domain/sso/mail-domain.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg, makeUser, type TestOrg } from '../../testing/factories.ts';
import { moveMember } from '../people/move-member.ts';
import { AppError } from '../../domain/errors.ts';
import { addDomain } from './add-domain.ts';
import { joinByDomain } from './join-by-domain.ts';
import { lookAtDomains } from './look-at-domains.ts';
import { proveDomain } from './prove-domain.ts';
import { removeDomain } from './remove-domain.ts';
import { requireSso } from './require-sso.ts';
import { setDomainJoin } from './set-domain-join.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const now = new Date('2026-11-20T10:00:00Z');
const as = (org: TestOrg, userId = org.owner.userId) => ({
  database: tested.database,
  orgId: org.orgId,
  actor: { type: 'user' as const, userId },
  now,
});

/** DNS that says what proves a domain to this org. */
async function domainOf(org: TestOrg, domain: string) {
  const { domainId } = await addDomain({ ...as(org), proof: `proof-of-${org.slug}` }, { domain });
  const records = { [proofName(domain)]: [proofText(`proof-of-${org.slug}`)] };
  return {
    domainId,
    prove: () => proveDomain({ ...as(org), txtRecords: async (name) => records[name] ?? [] }, { domainId }),
  };
}

const roleOf = async ({ db, orgId }: TestOrg, userId: string) =>
  (await db.member.findUnique({ where: { orgId_userId: { orgId, userId } } }))?.role ?? null;

const sign = (person: { userId: string; email: string }) => joinByDomain({ database: tested.database, now }, person);

describe('a domain', () => {
  it('that is not proven lets nobody in, and cannot be made to', async () => {
    const org = await makeOrg(tested.database);
    const domain = `${org.slug}.example`;
    const { domainId } = await addDomain({ ...as(org), proof: 'x' }, { domain });
    await expect(setDomainJoin(as(org), { domainId, joinAs: 'member' })).rejects.toMatchObject({ code: 'conflict' });
    const none = proveDomain({ ...as(org), txtRecords: async () => ['fleet-domain-proof=y'] }, { domainId });
    await expect(none).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('DNS has no such record'),
    });
    const ann = await makeUser(tested.database, { email: `ann@${domain}` });
    await sign(ann);
    expect(await roleOf(org, ann.userId)).toBeNull();
  });

  it.each(['gmail.com', 'GMAIL.com.', 'localhost', '10.0.0.1', 'a b', '*.acme.example'])(
    '%s is refused',
    async (domain) => {
      const org = await makeOrg(tested.database);
      await expect(addDomain({ ...as(org), proof: 'x' }, { domain })).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  it('belongs to the one org that proved it first, of ten at once, until that org gives it up', async () => {
    const domain = `d${Date.now()}.example`;
    const orgs = await Promise.all(Array.from({ length: 10 }, () => makeOrg(tested.database)));
    const made = await Promise.all(orgs.map(async (org) => ({ org, ...(await domainOf(org, domain)) })));
    const settled = await Promise.allSettled(made.map(({ prove }) => prove()));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = settled.findIndex(({ status }) => status === 'fulfilled');
    const [first, second] = [made[winner]!, made[(winner + 1) % 10]!];
    await removeDomain(as(first.org), { domainId: first.domainId });
    await second.prove();
    await second.prove();
    const { db, orgId } = second.org;
    const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 1, limit: 100 });
    expect(events.map(({ kind }) => kind)).toEqual(['domain.added', 'domain.proven']);
  });

  it('removed while DNS is asked for its proof is held by nobody', async () => {
    const [org, next] = await Promise.all([makeOrg(tested.database), makeOrg(tested.database)]);
    const domain = `${org.slug}.example`;
    const { domainId } = await addDomain({ ...as(org), proof: 'x' }, { domain });
    const txtRecords = async () => {
      await removeDomain(as(org), { domainId });
      return [proofText('x')];
    };
    await expect(proveDomain({ ...as(org), txtRecords }, { domainId })).rejects.toMatchObject({ code: 'not_found' });
    await (await domainOf(next, domain)).prove();
  });

  it('that was given up by a removal that was cut off half way can be proven by another org', async () => {
    const [first, next] = [await makeOrg(tested.database), await makeOrg(tested.database)];
    const domain = `${first.slug}.example`;
    const { domainId, prove } = await domainOf(first, domain);
    await prove();
    const { system } = tested.database;
    const provenDomain = { deleteMany: async () => Promise.reject(new Error('killed here')) };
    const crashing = { ...tested.database, system: { ...system, provenDomain } } as unknown as typeof tested.database;
    await expect(removeDomain({ ...as(first), database: crashing }, { domainId })).rejects.toThrow('killed here');
    expect(await system.provenDomain.count({ where: { domain } })).toBe(1);
    await (await domainOf(next, domain)).prove();
    expect(await system.provenDomain.findUnique({ where: { domain } })).toMatchObject({ orgId: next.orgId });
  });

  it('makes who signs in with an address of it a member, once, but nobody whom the org removed', async () => {
    const org = await makeOrg(tested.database);
    const domain = `${org.slug}.example`;
    const { domainId, prove } = await domainOf(org, domain);
    await prove();
    await setDomainJoin(as(org), { domainId, joinAs: 'auditor' });
    const ann = await makeUser(tested.database, { email: `ann@${domain}` });
    const eve = await makeUser(tested.database, { email: `eve@x.${domain}` });
    await Promise.all([sign(ann), sign(ann), sign(eve)]);
    expect(await roleOf(org, ann.userId)).toBe('auditor');
    expect(await roleOf(org, eve.userId)).toBeNull();

    const { id: memberId } = await org.db.member.findUniqueOrThrow({
      where: { orgId_userId: { orgId: org.orgId, userId: ann.userId } },
    });
    await moveMember(as(org), { memberId, to: null });
    await sign(ann);
    expect(await roleOf(org, ann.userId)).toBeNull();
  });

  it('lets in again who left by their own wish', async () => {
    const org = await makeOrg(tested.database);
    const domain = `${org.slug}.example`;
    const { domainId, prove } = await domainOf(org, domain);
    await prove();
    await setDomainJoin(as(org), { domainId, joinAs: 'member' });
    const ann = await makeUser(tested.database, { email: `ann@${domain}` });
    await sign(ann);
    const { id: memberId } = await org.db.member.findUniqueOrThrow({
      where: { orgId_userId: { orgId: org.orgId, userId: ann.userId } },
    });
    await moveMember(as(org, ann.userId), { memberId, to: null });
    await sign(ann);
    expect(await roleOf(org, ann.userId)).toBe('member');
  });
});

describe('a proof that goes from DNS', () => {
  it('lets nobody new in, is told to the owners once, and holds again when it is back', async () => {
    const org = await makeOrg(tested.database);
    const domain = `${org.slug}.example`;
    const { domainId, prove } = await domainOf(org, domain);
    await prove();
    await setDomainJoin(as(org), { domainId, joinAs: 'member' });
    const mails: string[] = [];
    const look = async (answer: () => string[]) => {
      await tested.admin(`update org_domain set looked_at = now() - interval '2 days' where id = $1`, [domainId]);
      const mine = { ...tested.database, domainsToLookAt: async () => [{ orgId: org.orgId, id: domainId }] };
      await lookAtDomains({
        ...{ database: mine, txtRecords: async () => answer() },
        mailer: { send: async ({ to }) => void mails.push(to) },
        report: (error) => expect(error).toBeNull(),
      });
    };
    const joins = async () => {
      const person = await makeUser(tested.database, { email: `${newId('user')}@${domain}` });
      await sign(person);
      return roleOf(org, person.userId);
    };
    await look(() => {
      throw new AppError('unavailable', 'DNS did not answer.');
    });
    expect(await joins()).toBe('member');
    await look(() => []);
    await look(() => ['something else']);
    expect(await joins()).toBeNull();
    expect(mails).toEqual([org.owner.email]);
    await look(() => [proofText(`proof-of-${org.slug}`)]);
    expect(await joins()).toBe('member');
    await look(() => []);
    await prove();
    expect(await joins()).toBe('member');
    expect(await roleOf(org, org.owner.userId)).toBe('owner');
  });

  it('is looked for once a day, and every hour while it is gone', async () => {
    const org = await makeOrg(tested.database);
    const { domainId, prove } = await domainOf(org, `${org.slug}.example`);
    await prove();
    const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
    const isDue = async (hours: number) =>
      (await tested.database.domainsToLookAt(at(hours), 1_000)).some(({ id }) => id === domainId);
    expect([await isDue(23), await isDue(25)]).toEqual([false, true]);
    await tested.admin('update org_domain set lost_at = looked_at where id = $1', [domainId]);
    expect([await isDue(0.9), await isDue(1.1)]).toEqual([false, true]);
  });
});

describe('required single sign-on', () => {
  it('takes a provider, and somebody who came by it', async () => {
    const org = await makeOrg(tested.database);
    const asked = (provider: string | null) => requireSso({ ...as(org), provider }, { required: true });
    await expect(asked(null)).rejects.toMatchObject({ code: 'conflict' });
    const id = newId('ssoProvider');
    const sealed = { ciphertext: Buffer.alloc(32), nonce: Buffer.alloc(12), keyVersion: 1 };
    const at = { issuer: 'https://login.example.com', clientId: 'x', byOperator: false, updatedAt: now };
    await org.db.ssoProvider.create({ data: { orgId: org.orgId, id, ...at, ...sealed } });
    await expect(asked('github')).rejects.toMatchObject({ code: 'conflict' });
    await asked(id);
    expect(await org.db.org.findUnique({ where: { id: org.orgId } })).toMatchObject({ requiredSso: id });
  });
});
