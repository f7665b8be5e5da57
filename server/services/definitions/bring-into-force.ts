import type { OrgTx } from '../../db/connect.ts';
import { agentSettings } from '../../domain/agents/agent-settings.ts';
import type { DefinitionSubject } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { putAgent, putNewAgent } from '../agents/put-agent.ts';
import { currentSettings } from '../agents/revise-agent.ts';
import { warnIn } from '../budgets/warn-budgets.ts';
import { putTools, toolsDraft } from '../mcp/put-tools.ts';
import { insertRole } from '../roles/insert-role.ts';
import { putPolicy } from './put-policy.ts';
import { putRole } from './put-role.ts';

type Bringing = { orgId: string; now: Date; approvalId: string; subject: DefinitionSubject };

/**
 * Makes the approved version the one in force; returns what the transaction of the decision is to tell. That it stands on the
 * newest was looked at under the lock of the org's stream, which every save takes.
 */
export async function bringIntoForce(tx: OrgTx, { orgId, now, approvalId, subject }: Bringing): Promise<OrgEvent[]> {
  const { what, basedOn, hash, note, restored, authorId } = subject;
  const by = { orgId, now, authorId, approvalId };
  const put = { ...by, version: basedOn + 1, hash, note, restored };
  switch (what.of) {
    case 'policy':
      return putPolicy(tx, { ...put, what, body: policyDocument.parse(subject.body) });
    case 'role':
      return putRole(tx, { ...put, what, body: roleBody.parse(subject.body) });
    case 'new-role':
      return insertRole(tx, { ...put, what, body: roleBody.parse(subject.body) });
    case 'tools':
      return putTools(tx, by, {
        serverId: what.serverId,
        name: what.name,
        tools: toolsDraft.parse(subject.body).tools,
      });
    case 'new-agent': {
      const role = { id: what.roleId, name: what.role };
      return (await putNewAgent(tx, by, { role, settings: agentSettings.parse(subject.body), note })).events;
    }
    case 'agent': {
      const { agentId } = what;
      const { settings: before } = await currentSettings(tx, { orgId, agentId });
      const settings = agentSettings.parse(subject.body);
      const { events, budgetIds } = await putAgent(tx, by, {
        agentId,
        from: basedOn,
        before,
        settings,
        note,
        restored,
      });
      await warnIn(tx, { orgId, now, budgetIds });
      return events;
    }
  }
}
