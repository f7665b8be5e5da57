import type { OrgDb } from '../../db/connect.ts';
import { readSettings, settingsText, type AgentSettings } from '../../domain/agents/agent-settings.ts';
import { loosened } from '../../domain/agents/loosened.ts';
import { definitionName } from '../../domain/approval/sentences.ts';
import type { DefinitionSubject } from '../../domain/approval/subject.ts';
import { loosenedTools, toolsText } from '../../domain/mcp/loosened-tools.ts';
import { approvalInWords } from '../../domain/policy/approval-rule.ts';
import { changedRules } from '../../domain/policy/changed-rules.ts';
import { documentLayer, policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';
import { writePolicy } from '../../domain/policy/policy-yaml.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { ableWords } from '../../domain/roles/able-words.ts';
import { roleText } from '../../domain/roles/role-edit.ts';
import type { DefinitionView } from '../../domain/views/definition-view.ts';
import { toolsDraft, toolsInForce } from '../mcp/put-tools.ts';
import { orgPolicy } from '../policy/org-policy.ts';

type Of = { db: OrgDb; orgId: string };

/** What a draft changes of the version that it was drafted on. */
export async function definitionView({ db, orgId }: Of, subject: DefinitionSubject): Promise<DefinitionView> {
  const { what, body, note, basedOn } = subject;
  const named = { name: definitionName(what), note };
  const still = { stricter: [], able: [], approval: null, triable: false };
  if (what.of === 'agent' || what.of === 'new-agent')
    return { ...named, ...still, ...(await agentChange({ db, orgId }, subject)) };
  if (what.of === 'tools') return { ...named, ...still, ...(await toolsChange({ db, orgId }, subject)) };
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
  const able = what.of === 'new-role' ? ableWords(roleBody.parse(body), what) : [];
  return { ...named, ...still, ...texts, able, looser: [] };
}

type Change = Pick<DefinitionView, 'before' | 'after' | 'looser'>;

async function agentChange({ db, orgId }: Of, { what, body, basedOn }: DefinitionSubject): Promise<Change> {
  const settings = readSettings(body);
  const repos = await db.repo.findMany({ where: { orgId }, select: { id: true, name: true } });
  const textOf = (said: AgentSettings) =>
    settingsText(said, { repo: repos.find(({ id }) => id === said.repoId)?.name ?? said.repoId });
  if (what.of !== 'agent') return { before: '', after: textOf(settings), looser: ['another agent works for this org'] };
  const { agentId } = what;
  const row = await db.agentRevision.findUnique({
    where: { orgId_agentId_number: { orgId, agentId, number: basedOn } },
    include: { agent: { include: { role: { include: { versions: { orderBy: { version: 'desc' }, take: 1 } } } } } },
  });
  if (!row) return { before: '', after: textOf(settings), looser: [] };
  const before = readSettings(row.body);
  const newest = row.agent.role.versions[0]?.version ?? 0;
  return { before: textOf(before), after: textOf(settings), looser: loosened(before, settings, newest) };
}

/** It is compared with what was allowed when it was drafted; where the draft does not have that, with what is now. */
async function toolsChange({ db, orgId }: Of, { what, body }: DefinitionSubject): Promise<Change> {
  const draft = toolsDraft.parse(body);
  const id = what.of === 'tools' ? what.serverId : '';
  const server = await db.mcpServer.findUnique({ where: { orgId_id: { orgId, id } } });
  const now = server ? toolsInForce(server) : { place: draft.place, tools: [] };
  const before = draft.before ? { place: draft.place, tools: draft.before } : now;
  return { before: toolsText(before), after: toolsText(draft), looser: loosenedTools(before.tools, draft.tools) };
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
  const said = [before, after].map((document) => approvalInWords(document ?? {})) as [string, string];
  return {
    before: before === null ? '' : writePolicy(before),
    after: writePolicy(after),
    ...changedRules(layers(before), layers(after)),
    able: [],
    approval: said[0] === said[1] ? null : { before: said[0], after: said[1] },
    triable: true,
  };
}
