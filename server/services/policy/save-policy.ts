import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { whoApproves } from '../../domain/policy/approval-rule.ts';
import { policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';
import { tryCases } from '../../domain/policy/try-cases.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { putPolicy } from '../definitions/put-policy.ts';
import type { Saved } from '../definitions/saved.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { readApprovers } from './approval-rule.ts';
import { mustBeApproved, requireMayChange } from './may-change.ts';
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
 * Saves the org's policy as its next version, or puts it before whom the policy in force wants to approve it. Running agents
 * obey what is stricter in it from their next action on. Throws `invalid_input` for a policy that cannot be read or whose
 * cases fail, and `conflict` where another was saved meanwhile.
 */
export async function savePolicy({ database, orgId, actor, now }: Deps, save: PolicySave): Promise<Saved> {
  const { basedOn, note, restored } = save;
  const body = saveable(save.yaml);
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const of = { orgId, layer: 'org', target: orgId };
    const newest = await tx.policyVersion.findFirst({ where: of, orderBy: { version: 'desc' } });
    if (!newest || newest.version !== basedOn) {
      const message = `Version ${newest?.version ?? 0} was saved meanwhile. Look at it, then put your change on top of it.`;
      throw new AppError('conflict', message);
    }
    const saved = policyDocument.parse(newest.body);
    await requireMayChange(tx, { orgId, actor, saved });
    await requireApprovable(tx, { orgId, actor, body });
    const what = { of: 'policy' as const, layer: 'org' as const, target: orgId, name: 'org' };
    const draft = { what, body, hash: definitionHash(body), note, restored };
    if (mustBeApproved(saved.approval, { before: saved, after: body })) {
      return {
        approvalId: await proposeDefinition(tx, { orgId, actor, now }, { ...draft, body: plain(body), basedOn }),
      };
    }
    const authorId = authorOf(actor);
    const version = basedOn + 1;
    const events = await putPolicy(tx, { orgId, now, ...draft, version, authorId });
    await appendOrgEvents(tx, { orgId, actor, at: now, events });
    return { version };
  });
}

/** A rule that nobody else could meet would lock the policy. */
async function requireApprovable(
  tx: OrgTx,
  { orgId, actor, body }: { orgId: string; actor: Actor; body: PolicyDocument },
): Promise<void> {
  if (body.approval === undefined || actor.type !== 'user') return;
  const members = await readApprovers(tx, orgId);
  if (whoApproves({ rule: body.approval, authorId: actor.userId, members }).length > 0) return;
  throw new AppError(
    'invalid_input',
    'Nobody but you could approve the next version under `approval`: invite somebody first, or leave it out.',
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
