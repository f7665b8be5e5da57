import type { OrgDb } from '../../db/connect.ts';
import { changePipeline } from '../../domain/pipeline/definition.ts';
import type { ToolName } from '../../domain/roles/role-body.ts';
import { starterRoles } from '../../domain/roles/starter-roles.ts';
import { writeScopeInWords } from '../../domain/scope/write-scope.ts';

export type StartersView = {
  hired: boolean;
  agents: {
    name: string;
    role: string;
    title: string;
    purpose: string;
    /** In words, with back-ticks round patterns. */
    write: string;
    tools: ToolName[];
    /** What one run may use. */
    secondsLimit: number;
    costLimitMicros: number;
  }[];
  stages: string[];
};

/** What onboarding offers, and whether the org has taken it. */
export async function getStarters({ db, orgId }: { db: OrgDb; orgId: string }): Promise<StartersView> {
  const names = starterRoles.map(({ name }) => name);
  const roles = await db.role.count({ where: { orgId, name: { in: names } } });
  return {
    hired: roles === names.length,
    agents: starterRoles.map(({ name, agent, body }) => ({
      name: agent.name,
      role: name,
      title: body.title,
      purpose: body.purpose,
      write: writeScopeInWords(body.write),
      tools: body.tools,
      secondsLimit: body.secondsLimit,
      costLimitMicros: body.costLimitMicros,
    })),
    stages: changePipeline.stages.map((stage) => stage.name),
  };
}
