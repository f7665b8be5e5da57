import { AppError } from '../../domain/errors.ts';
import { runnable } from '../../domain/models/choose-model.ts';
import type { ModelRef, ModelSettings } from '../../domain/models/model-settings.ts';
import type { ModelOffer } from '../pipeline/work-context.ts';
import { changeModelSettings, type ModelChangeDeps } from './change-model-settings.ts';
import { readModelSupply } from './read-model-supply.ts';

/** `role` is a role's name. */
export type ModelUse = { use: 'default' | 'fallback' } | { use: 'role'; role: string };

function chosen(settings: ModelSettings, use: ModelUse, ref: ModelRef | null): ModelSettings {
  if (use.use !== 'role') return { ...settings, [use.use]: ref };
  const others = Object.entries(settings.roles).filter(([name]) => name !== use.role);
  return { ...settings, roles: Object.fromEntries(ref ? [...others, [use.role, ref]] : others) };
}

/**
 * Chooses the model for a use, or with null none of its own. Runs that begin from now on are answered by it. Throws
 * `invalid_input` for a model that could not run, saying what to set, and `not_found` for a role that is none.
 */
export async function chooseModels(
  deps: ModelChangeDeps & { offer: ModelOffer },
  { ref, ...use }: ModelUse & { ref: ModelRef | null },
): Promise<void> {
  const { orgId, now, offer } = deps;
  await changeModelSettings(deps, async (before, tx) => {
    if (use.use === 'role' && (await tx.role.count({ where: { orgId, name: use.role } })) === 0) {
      throw new AppError('not_found', 'There is no such role in this org.');
    }
    if (ref) {
      const found = runnable(await readModelSupply(tx, { orgId, offer }), ref, now);
      if ('why' in found) throw new AppError('invalid_input', found.why);
    }
    const payload = { use: use.use === 'role' ? use.role : use.use, ref };
    return { settings: chosen(before, use, ref), event: { kind: 'model.chosen', payload } };
  });
}
