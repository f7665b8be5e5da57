import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';
import { tryCases } from '../../domain/policy/try-cases.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { readablePolicy } from './readable-policy.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

type PolicySave = {
  yaml: string;
  note: string;
  /** The number of the version that was edited: saved only while that is the newest. */
  basedOn: number;
  restored: number | null;
};

/**
 * Saves the org's policy as its next version. Running agents obey what is stricter in it from their next action on. Throws
 * `invalid_input` for a policy that cannot be read or whose cases fail, and `conflict` where another was saved meanwhile.
 */
export async function savePolicy(
  { database, orgId, actor, now }: Deps,
  save: PolicySave,
): Promise<{ version: number }> {
  const body = saveable(save.yaml);
  const version = save.basedOn + 1;
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const of = { orgId, layer: 'org', target: orgId };
    const newest = await tx.policyVersion.findFirst({ where: of, orderBy: { version: 'desc' } });
    if (!newest || newest.version !== save.basedOn) {
      const message = `Version ${newest?.version ?? 0} was saved meanwhile. Look at it, then put your change on top of it.`;
      throw new AppError('conflict', message);
    }
    await requireMayChange(tx, { orgId, actor, saved: policyDocument.parse(newest.body) });
    const hash = definitionHash(body);
    const id = newId('policyVersion');
    const authorId = actor.type === 'user' ? actor.userId : null;
    await tx.policyVersion.create({
      data: { ...of, id, version, body, hash, authorId, note: save.note, createdAt: now },
    });
    const said = { policyVersionId: id, layer: 'org', target: orgId, version, hash, note: save.note };
    const payload = { ...said, restored: save.restored };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'policy.saved', payload }] });
    return { version };
  });
}

type Change = { orgId: string; actor: Actor; saved: PolicyDocument };

/** Who may change a policy is said by the one that holds, and not by the one that would follow. */
async function requireMayChange(tx: OrgTx, { orgId, actor, saved }: Change): Promise<void> {
  if (saved.changes !== 'owners') return;
  const owner =
    actor.type === 'user' && (await tx.member.count({ where: { orgId, userId: actor.userId, role: 'owner' } })) > 0;
  if (owner) return;
  throw new AppError(
    'forbidden',
    'The policy that holds leaves changes of it to owners of the org (`changes: owners`).',
  );
}

/** The policy. Throws `invalid_input` where it cannot be read or one of its cases fails. */
function saveable(yaml: string): PolicyDocument {
  const policy = readablePolicy(yaml);
  const failed = tryCases(policy);
  if (failed.length === 0) return policy;
  const words = failed
    .slice(0, 5)
    .map((each) => `${each.words}, and is ${each.verdict.verdict}: ${each.verdict.reason}`);
  throw new AppError('invalid_input', `Not saved, because a case fails. ${words.join('\n')}`);
}
