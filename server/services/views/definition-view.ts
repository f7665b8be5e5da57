import type { OrgDb } from '../../db/connect.ts';
import { definitionName } from '../../domain/approval/sentences.ts';
import type { DefinitionSubject } from '../../domain/approval/subject.ts';
import { approvalInWords } from '../../domain/policy/approval-rule.ts';
import { changedRules } from '../../domain/policy/changed-rules.ts';
import { documentLayer, policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';
import { writePolicy } from '../../domain/policy/policy-yaml.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { roleText } from '../../domain/roles/role-edit.ts';
import type { DefinitionView } from '../../domain/views/definition-view.ts';
import { orgPolicy } from '../policy/org-policy.ts';

type Of = { db: OrgDb; orgId: string };

/** What a draft changes of the version that it was drafted on. */
export async function definitionView({ db, orgId }: Of, subject: DefinitionSubject): Promise<DefinitionView> {
  const { what, body, note, basedOn } = subject;
  const named = { name: definitionName(what), note };
  if (what.of === 'policy') {
    const { layer, target } = what;
    const before = await db.policyVersion.findFirst({ where: { orgId, layer, target, version: basedOn } });
    const org = layer === 'repo' ? await orgPolicy(db, orgId) : undefined;
    return { ...named, ...policyChange({ before: before?.body ?? null, after: body }, org) };
  }
  const before =
    what.of === 'role'
      ? await db.roleVersion.findFirst({ where: { orgId, roleId: what.roleId, version: basedOn } })
      : null;
  const texts = { before: before ? roleText(roleBody.parse(before.body)) : '', after: roleText(roleBody.parse(body)) };
  return { ...named, ...texts, stricter: [], looser: [], approval: null, triable: false };
}

/** Two versions of a policy as text, and in words where they differ; with `org` a repo's, under that one. A first one has none before it. */
export function policyChange(
  stored: { before: unknown; after: unknown },
  org?: PolicyDocument,
): Omit<DefinitionView, 'name' | 'note'> {
  const before = stored.before === null ? null : policyDocument.parse(stored.before);
  const after = policyDocument.parse(stored.after);
  const above = org ? [documentLayer('org', org)] : [];
  const name = org ? 'repo' : 'org';
  const layers = (document: PolicyDocument | null) => [...above, ...(document ? [documentLayer(name, document)] : [])];
  const said = [before, after].map((document) => approvalInWords(document?.approval ?? null)) as [string, string];
  return {
    before: before === null ? '' : writePolicy(before),
    after: writePolicy(after),
    ...changedRules(layers(before), layers(after)),
    approval: said[0] === said[1] ? null : { before: said[0], after: said[1] },
    triable: true,
  };
}
