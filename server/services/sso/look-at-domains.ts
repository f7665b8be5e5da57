import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { AppError } from '../../domain/errors.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import type { TxtRecords } from '../../domain/ports/txt-records.ts';
import { proofName, proofText } from '../../domain/sso/mail-domain.ts';
import { mailEach, ownersOf } from '../orgs/owners.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Looking = {
  database: Database;
  txtRecords: TxtRecords;
  mailer: Mailer;
  report(error: unknown, where: string): void;
};

const atOnce = 50;
const actor: Actor = { type: 'system', reason: 'proofs of domains are looked for every day' };

/**
 * Looks for the proofs of domains anew. By a domain whose proof is gone nobody new comes in until it is back; who is known
 * goes on signing in, so that no org is locked out by its DNS. DNS that does not answer says nothing.
 */
export async function lookAtDomains(looking: Looking): Promise<{ looked: number }> {
  const { database, report } = looking;
  const now = await database.time();
  let looked = 0;
  for (const { orgId, id } of await database.domainsToLookAt(now, atOnce)) {
    try {
      await lookAt(looking, { orgId, id, now });
      looked += 1;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'unavailable')) report(error, `looking at the domain ${id}`);
      await waitAnHour(database, { orgId, id, now }).catch((failed: unknown) => report(failed, `the domain ${id}`));
    }
  }
  return { looked };
}

type Which = { orgId: string; id: string; now: Date };

/** Behind those whose turn it is: domains that never answer must not be all that is looked at. */
async function waitAnHour({ org }: Database, { orgId, id, now }: Which): Promise<void> {
  const lookedAt = new Date(now.getTime() - 23 * 3_600_000);
  await org(orgId).orgDomain.updateMany({ where: { orgId, id, lostAt: null }, data: { lookedAt } });
  await org(orgId).orgDomain.updateMany({ where: { orgId, id, lostAt: { not: null } }, data: { lookedAt: now } });
}

async function lookAt(looking: Looking, { orgId, id, now }: Which): Promise<void> {
  const { database, txtRecords } = looking;
  const row = await database.org(orgId).orgDomain.findUnique({ where: { orgId_id: { orgId, id } } });
  if (row === null) return;
  const { domain, proof } = row;
  const isThere = (await txtRecords(proofName(domain))).includes(proofText(proof));
  const changed = await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const where = { orgId, id, provenAt: { not: null } };
    await tx.orgDomain.updateMany({ where, data: { lookedAt: now } });
    const { count } = await tx.orgDomain.updateMany({
      where: { ...where, lostAt: isThere ? { not: null } : null },
      data: { lostAt: isThere ? null : now },
    });
    if (count === 0) return false;
    const payload = { domainId: id, domain, isThere };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'domain.proof-seen', payload }] });
    return true;
  });
  if (changed && !isThere) await mailEach(looking, await ownersOf(database, orgId), lostMail(domain));
}

function lostMail(domain: string) {
  return {
    subject: `The proof of ${domain} is gone from DNS`,
    text: [
      `The TXT record at ${proofName(domain)} that proves ${domain} to be your org's on Fleet is not there any more. You get this mail as an owner.`,
      '',
      'Until it is back nobody new joins or signs in by an address of it. Who has signed in before goes on doing so.',
      'Put it back as Settings, Single sign-on shows it, or remove the domain there.',
    ].join('\n'),
  };
}
