import type { OrgTx } from '../../db/connect.ts';
import type { DefinitionSubject } from '../../domain/approval/subject.ts';
import { can } from '../../domain/authz/scopes.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { tryCases } from '../../domain/policy/try-cases.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { mayChange } from '../policy/may-change.ts';
import { orgPolicy } from '../policy/org-policy.ts';
import { agentOf, insertRole } from '../roles/insert-role.ts';
import { putPolicy } from './put-policy.ts';
import { putRole } from './put-role.ts';

/** Why a version cannot come into force any more, in words; null where it can. */
export async function whyNotInForce(tx: OrgTx, orgId: string, subject: DefinitionSubject): Promise<string | null> {
  const { what, basedOn, authorId, body } = subject;
  const newest = await newestVersion(tx, orgId, what);
  if (newest !== basedOn) {
    if (what.of === 'new-role') return `This org has a role or an agent named ${what.name} by now.`;
    return `It was drafted on version ${basedOn}, and version ${newest} is in force by now. Draft it again on top of that one.`;
  }
  const author = await tx.member.findUnique({ where: { orgId_userId: { orgId, userId: authorId } } });
  if (!author || !can(author.role, 'org:configure'))
    return 'Whoever wrote it may not change policies and roles of this org any more.';
  const fits = (what.of === 'policy' ? policyDocument : roleBody).safeParse(body).success;
  if (!fits) return 'It does not fit this version of Fleet any more. Draft it again.';
  if (what.of !== 'policy') return null;
  const org = await orgPolicy(tx, orgId);
  if (!mayChange(org, author.role))
    return 'The policy that holds leaves changes of it to owners of the org, and whoever wrote this is none. An owner can draft it again.';
  const failed = tryCases(policyDocument.parse(body), what.layer === 'repo' ? org : undefined);
  return failed.length === 0 ? null : 'One of its cases fails by now. Draft it again.';
}

async function newestVersion(tx: OrgTx, orgId: string, what: DefinitionSubject['what']): Promise<number> {
  if (what.of === 'new-role') {
    const roles = await tx.role.count({ where: { orgId, name: what.name } });
    return roles + (await tx.agent.count({ where: { orgId, name: agentOf(what.name) } }));
  }
  const newest =
    what.of === 'policy'
      ? await tx.policyVersion.findFirst({
          where: { orgId, layer: what.layer, target: what.target },
          orderBy: { version: 'desc' },
        })
      : await tx.roleVersion.findFirst({ where: { orgId, roleId: what.roleId }, orderBy: { version: 'desc' } });
  return newest?.version ?? 0;
}

type Bringing = { orgId: string; now: Date; approvalId: string; subject: DefinitionSubject };

/**
 * Makes the approved version the one in force; returns what the transaction of the decision is to tell. That it stands on the
 * newest was looked at under the lock of the org's stream, which every save takes.
 */
export async function bringIntoForce(tx: OrgTx, { orgId, now, approvalId, subject }: Bringing): Promise<OrgEvent[]> {
  const { what, basedOn, hash, note, restored, authorId } = subject;
  const put = { orgId, now, version: basedOn + 1, hash, note, restored, authorId, approvalId };
  if (what.of === 'policy') return putPolicy(tx, { ...put, what, body: policyDocument.parse(subject.body) });
  const body = roleBody.parse(subject.body);
  if (what.of === 'role') return putRole(tx, { ...put, what, body });
  return insertRole(tx, { ...put, what, body });
}
