import { AppError } from '../../domain/errors.ts';
import type { ModelSettings } from '../../domain/models/model-settings.ts';
import { changeModelSettings, type ModelChangeDeps } from './change-model-settings.ts';
import { connectionKeyName } from './connection-key.ts';

/** What a connection is chosen for, in words; null for nothing. */
function useOf({ default: standard, fallback, roles }: ModelSettings, connectionId: string): string | null {
  if (standard?.connectionId === connectionId) return 'the default model';
  if (fallback?.connectionId === connectionId) return 'the fallback model';
  const role = Object.entries(roles).find(([, ref]) => ref.connectionId === connectionId)?.[0];
  return role === undefined ? null : `the model of the role ${role}`;
}

/**
 * Forgets a connection with its key and its own models; runs that were started on it end saying so. Throws `conflict`
 * while a choice rests on it, `not_found` where there is none.
 */
export async function removeModelConnection(
  deps: ModelChangeDeps,
  { connectionId }: { connectionId: string },
): Promise<void> {
  const { orgId } = deps;
  await changeModelSettings(deps, async (before, tx) => {
    const gone = before.connections.find(({ id }) => id === connectionId);
    if (!gone) throw new AppError('not_found', 'There is no such connection in this org.');
    const use = useOf(before, connectionId);
    if (use) throw new AppError('conflict', `${gone.name} answers as ${use}. Choose another model for that first.`);
    await tx.secret.deleteMany({ where: { orgId, name: connectionKeyName(connectionId) } });
    return {
      settings: {
        ...before,
        connections: before.connections.filter(({ id }) => id !== connectionId),
        models: before.models.filter((each) => each.connectionId !== connectionId),
      },
      event: { kind: 'model-connection.removed', payload: { connectionId, name: gone.name } },
    };
  });
}
