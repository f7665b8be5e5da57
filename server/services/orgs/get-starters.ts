import type { OrgDb } from '../../db/connect.ts';
import { changePipeline } from '../../domain/pipeline/definition.ts';
import type { RoleBody, ToolName } from '../../domain/roles/role-body.ts';
import { starterRoles } from '../../domain/roles/starter-roles.ts';

export type StartersView = {
  hired: boolean;
  agents: {
    name: string;
    role: string;
    title: string;
    purpose: string;
    write: string[];
    tools: ToolName[];
    /** What one run may use. */
    secondsLimit: number;
    costLimitMicros: number;
  }[];
  stages: string[];
};

/** What onboarding offers, and whether the org has taken it. `write` is in words of globs; empty: writes nothing. */
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
      write: writeGlobs(body.write),
      tools: body.tools,
      secondsLimit: body.secondsLimit,
      costLimitMicros: body.costLimitMicros,
    })),
    stages: changePipeline.stages.map((stage) => stage.name),
  };
}

function writeGlobs({ include, exclude }: RoleBody['write']): string[] {
  return include.length === 0 ? [] : [...include, ...exclude.map((glob) => `!${glob}`)];
}
