import type { OrgDb } from '../../db/connect.ts';
import { chooseModel } from '../../domain/models/choose-model.ts';
import { pipelineDefinition } from '../../domain/pipeline/definition.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import type { ModelOffer } from '../pipeline/work-context.ts';
import { askStart } from '../tasks/ask-start.ts';
import { readModelSupply } from './read-model-supply.ts';

type Asking = { orgId: string; now: Date; offer: ModelOffer };
type Asked = Omit<Parameters<typeof askStart>[1], 'orgId' | 'choices'> & { definition: unknown };

/** Why the models of a pipeline's roles cannot start a task, in words that say what to set; null when they can. */
export async function whyNoModel(
  db: OrgDb,
  { orgId, now, offer }: Asking,
  { definition, ...asked }: Asked,
): Promise<string | null> {
  const supply = await readModelSupply(db, { orgId, offer });
  const { stages } = pipelineDefinition.parse(definition);
  const names = stages.flatMap(({ role }) => (role === null ? [] : [role]));
  const roles = await db.role.findMany({
    where: { orgId, name: { in: names } },
    include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
  });
  const choices = roles.flatMap(({ name, versions }) =>
    versions.map(({ body }) => chooseModel(supply, { name, tier: roleBody.parse(body).tier }, now)),
  );
  return askStart(db, { orgId, choices, ...asked });
}
