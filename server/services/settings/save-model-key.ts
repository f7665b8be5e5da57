import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { ModelKeyCheck } from '../../domain/ports/model-key-check.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import type { ModelStatusView } from '../../domain/views/views.ts';
import { anthropicId } from '../../domain/models/model-settings.ts';
import { connectionKeyContext } from './connection-key.ts';
import { modelKeyName } from './model-key.ts';
import { modelStatus } from './model-status.ts';

type Deps = {
  database: Database;
  orgId: string;
  actor: Actor;
  now: Date;
  secretBoxes: SecretBoxes;
  checkModelKey: ModelKeyCheck;
};

/**
 * Saves the org's model key, sealed; only its last four characters can be read again. Throws `invalid_input` for what is
 * no key or what the provider rejects; a provider that cannot be reached is no reason to refuse.
 */
export async function saveModelKey(deps: Deps, { key }: { key: string }): Promise<ModelStatusView> {
  const { database, orgId, actor, now, secretBoxes } = deps;
  if (!/^[\x21-\x7e]{16,500}$/.test(key)) {
    throw new AppError('invalid_input', 'That is not an API key: copy it again, whole and without spaces.');
  }
  const checked = await deps.checkModelKey(key);
  if (checked === 'rejected') {
    throw new AppError(
      'invalid_input',
      'Anthropic rejects this key. Copy it again from the Claude Console, or make a new one.',
    );
  }
  const hint = key.slice(-4);
  const secretBox = await secretBoxes.of(orgId);
  const sealed = { ...secretBox.seal(key, connectionKeyContext(orgId, anthropicId)), hint, updatedAt: now };
  await database.transaction(orgId, async (tx) => {
    await tx.secret.upsert({
      where: { orgId_name: { orgId, name: modelKeyName } },
      create: { orgId, id: newId('secret'), name: modelKeyName, ...sealed },
      update: sealed,
    });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'model-key.saved', payload: { hint } }] });
  });
  const status = modelStatus({ keyHint: hint, environmentModelKey: false });
  if (checked === 'accepted') return status;
  return {
    ...status,
    sentence: `${status.sentence} It could not be checked: Anthropic’s API did not answer from here.`,
  };
}
