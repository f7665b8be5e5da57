import { AppError } from '../../domain/errors.ts';
import { leastContextTokens } from '../../domain/models/choose-model.ts';
import { anthropicId, isSame, type ModelRef, type OwnModel } from '../../domain/models/model-settings.ts';
import { changeModelSettings, type ModelChangeDeps } from './change-model-settings.ts';

const mostTokens = 100_000_000;
/** Far above any price there is: a slip of the finger by a million is no price. */
const mostMicros = 10_000_000_000;

function check({ contextTokens, maxOutputTokens, prices }: OwnModel): void {
  if (contextTokens < leastContextTokens || contextTokens > mostTokens) {
    throw new AppError(
      'invalid_input',
      `A context of ${contextTokens} tokens is no place to work in: Fleet's own instructions need ${leastContextTokens} at least.`,
    );
  }
  if (maxOutputTokens >= contextTokens) {
    throw new AppError('invalid_input', 'A reply has to fit into the context together with its prompt.');
  }
  if (Object.values(prices).some((micros) => micros > mostMicros)) {
    throw new AppError('invalid_input', 'Prices are in dollars per million tokens; at most 10,000.');
  }
}

/**
 * Adds a model that Fleet does not know, or sets what the org pays for one; runs that begin from now on use it, running
 * ones from their next slice. Throws `invalid_input` for sizes and prices that are none, `not_found` for a connection.
 */
export async function saveModel(deps: ModelChangeDeps, model: OwnModel): Promise<void> {
  check(model);
  await changeModelSettings(deps, async (before) => {
    const { connectionId } = model;
    if (connectionId !== anthropicId && !before.connections.some(({ id }) => id === connectionId)) {
      throw new AppError('not_found', 'There is no such connection in this org.');
    }
    const others = before.models.filter((each) => !isSame(each, model));
    return { settings: { ...before, models: [...others, model] }, event: { kind: 'model.saved', payload: model } };
  });
}

/** Takes back what the org set for a model: a known one has its list price again. Throws `not_found`. */
export async function removeModel(deps: ModelChangeDeps, { connectionId, model }: ModelRef): Promise<void> {
  await changeModelSettings(deps, async (before) => {
    const ref = { connectionId, model };
    const models = before.models.filter((each) => !isSame(each, ref));
    if (models.length === before.models.length) throw new AppError('not_found', 'There is no such model in this org.');
    return { settings: { ...before, models }, event: { kind: 'model.removed', payload: ref } };
  });
}
