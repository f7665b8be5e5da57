import type { OrgTx } from '../../db/connect.ts';
import { agentSettings } from '../../domain/agents/agent-settings.ts';
import type { DefinitionSubject, DefinitionTarget } from '../../domain/approval/subject.ts';
import { can } from '../../domain/authz/scopes.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { tryCases } from '../../domain/policy/try-cases.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { whyImpossible } from '../agents/possible-agent.ts';
import { toolsDraft, toolsInForce } from '../mcp/put-tools.ts';
import { mayChange } from '../policy/may-change.ts';
import { orgPolicy, underOf } from '../policy/org-policy.ts';
import { agentOf } from '../roles/insert-role.ts';

type Of<K extends DefinitionTarget['of']> = Extract<DefinitionTarget, { of: K }>;

const schemas = {
  ...{ policy: policyDocument, role: roleBody, 'new-role': roleBody },
  ...{ agent: agentSettings, 'new-agent': agentSettings, tools: toolsDraft },
} satisfies Record<DefinitionTarget['of'], unknown>;

/** Why a version cannot come into force any more, in words; null where it can. */
export async function whyNotInForce(tx: OrgTx, orgId: string, subject: DefinitionSubject): Promise<string | null> {
  const { what, authorId, body } = subject;
  const overtaken = await whyOvertaken(tx, orgId, subject);
  if (overtaken !== null) return overtaken;
  const author = await tx.member.findUnique({ where: { orgId_userId: { orgId, userId: authorId } } });
  if (!author || !can(author.role, 'org:configure'))
    return 'Whoever wrote it may not change policies, roles and agents of this org any more.';
  if (!schemas[what.of].safeParse(body).success)
    return 'It does not fit this version of Fleet any more. Draft it again.';
  if (what.of === 'agent' || what.of === 'new-agent') return whyNoAgent(tx, orgId, subject);
  if (what.of !== 'policy') return null;
  const org = await orgPolicy(tx, orgId);
  if (!mayChange(org, author.role))
    return 'The policy that holds leaves changes of it to owners of the org, and whoever wrote this is none. An owner can draft it again.';
  const under = what.layer === 'repo' ? await underOf(tx, { orgId, repoId: what.target, org }) : {};
  const failed = tryCases(policyDocument.parse(body), under);
  return failed.length === 0 ? null : 'One of its cases fails by now. Draft it again.';
}

/** Whether what it was drafted on is still what holds. */
async function whyOvertaken(tx: OrgTx, orgId: string, { what, basedOn }: DefinitionSubject): Promise<string | null> {
  if (what.of === 'new-role' || what.of === 'new-agent') {
    const taken = await namesTaken(tx, orgId, what);
    return taken === 0 ? null : `This org has a role or an agent named ${what.name} by now.`;
  }
  if (what.of === 'tools') {
    const server = await tx.mcpServer.findUnique({ where: { orgId_id: { orgId, id: what.serverId } } });
    if (server && toolsInForce(server).hash === what.before) return null;
    return 'The server, or what is allowed of it, is another by now. Look at its tools and choose again.';
  }
  const word = what.of === 'agent' ? 'revision' : 'version';
  const newest = await newestNumber(tx, orgId, what);
  if (newest === basedOn) return null;
  return `It was drafted on ${word} ${basedOn}, and ${word} ${newest} is in force by now. Draft it again on top of that one.`;
}

async function namesTaken(tx: OrgTx, orgId: string, { of, name }: Of<'new-role' | 'new-agent'>): Promise<number> {
  if (of === 'new-agent') return tx.agent.count({ where: { orgId, name } });
  const roles = await tx.role.count({ where: { orgId, name } });
  return roles + (await tx.agent.count({ where: { orgId, name: agentOf(name) } }));
}

async function newestNumber(tx: OrgTx, orgId: string, what: Of<'policy' | 'role' | 'agent'>): Promise<number> {
  if (what.of === 'agent') {
    const agent = await tx.agent.findUnique({ where: { orgId_id: { orgId, id: what.agentId } } });
    return agent?.revision ?? 0;
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

async function whyNoAgent(tx: OrgTx, orgId: string, { what, body }: DefinitionSubject): Promise<string | null> {
  const settings = agentSettings.parse(body);
  if (what.of === 'new-agent') return whyImpossible(tx, { orgId, roleId: what.roleId, settings });
  if (what.of !== 'agent') return null;
  const agent = await tx.agent.findUniqueOrThrow({ where: { orgId_id: { orgId, id: what.agentId } } });
  if (agent.retiredAt !== null) return 'The agent is retired by now.';
  const others = await tx.agent.count({ where: { orgId, name: settings.name, id: { not: what.agentId } } });
  if (others > 0) return `This org has another agent named ${settings.name} by now.`;
  return whyImpossible(tx, { orgId, roleId: agent.roleId, settings });
}
