import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { Connection } from '../../domain/models/model-settings.ts';
import type { Protocol } from '../../domain/models/model-spec.ts';
import type { AskProvider } from '../../domain/ports/ask-provider.ts';
import type { SecretBox, SecretBoxes } from '../../domain/ports/secret-box.ts';
import { changeModelSettings, type ModelChangeDeps } from './change-model-settings.ts';
import { connectionKeyContext, connectionKeyName } from './connection-key.ts';

type Deps = ModelChangeDeps & { secretBoxes: SecretBoxes; askProvider: AskProvider; operator: boolean };

export type ConnectionRequest = { name: string; protocol: Protocol; baseUrl: string; key: string | null };

/**
 * Connects a model provider, called once before anything is saved; its key is sealed and never shown again. Throws
 * `invalid_input` for an address that is none or may not be called, a key the provider rejects, or no answer.
 */
export async function saveModelConnection(deps: Deps, asked: ConnectionRequest): Promise<{ connectionId: string }> {
  const { now, orgId, secretBoxes, operator } = deps;
  const baseUrl = baseUrlOf(asked.baseUrl);
  const { name, protocol, key } = asked;
  if (key !== null && !/^[\x21-\x7e]{1,500}$/.test(key)) {
    throw new AppError('invalid_input', 'That is not an API key: copy it again, whole and without spaces.');
  }
  const offers = await modelsAt(deps, { protocol, baseUrl, key });
  const connection: Connection = {
    id: newId('modelConnection'),
    name,
    protocol,
    baseUrl,
    byOperator: operator,
    offers,
  };
  const secretBox = await secretBoxes.of(orgId);
  await changeModelSettings(deps, async (before, tx) => {
    if (before.connections.some((each) => each.name === name)) {
      throw new AppError('invalid_input', `There is a connection named ${name} already. Take another name.`);
    }
    const hint = key === null ? null : key.slice(-4);
    if (key !== null) await seal(tx, { orgId, now, secretBox }, { connectionId: connection.id, key });
    const payload = { connectionId: connection.id, name, protocol, baseUrl, hint };
    return {
      settings: { ...before, connections: [...before.connections, connection] },
      event: { kind: 'model-connection.saved', payload },
    };
  });
  return { connectionId: connection.id };
}

function baseUrlOf(typed: string): string {
  const text = typed.trim().replace(/\/+$/, '');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new AppError('invalid_input', 'Type the address of the API, for example https://api.openai.com/v1.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new AppError(
      'invalid_input',
      'Leave user name, password and query out of the address: the key has a field of its own.',
    );
  }
  return text;
}

type Calling = { protocol: Protocol; baseUrl: string; key: string | null };

async function modelsAt({ askProvider, operator }: Deps, calling: Calling): Promise<string[]> {
  const { baseUrl } = calling;
  const answer = await askProvider({ ...calling, byOperator: operator });
  switch (answer.kind) {
    case 'accepted':
      return answer.models;
    case 'rejected':
      throw new AppError('invalid_input', 'The provider rejects this key. Copy it again, or make a new one there.');
    case 'not_allowed':
      throw new AppError(
        'invalid_input',
        `${baseUrl} is no public https address. Only the operator of this installation may connect a provider on this machine or in a private network.`,
      );
    case 'unreachable':
      throw new AppError(
        'invalid_input',
        `Nobody who speaks this protocol answered at ${baseUrl} (${answer.why}). Check the address: it ends where the provider's own documentation says, often in /v1.`,
      );
  }
}

type Sealing = { orgId: string; now: Date; secretBox: SecretBox };

async function seal(
  tx: OrgTx,
  of: Sealing,
  { connectionId, key }: { connectionId: string; key: string },
): Promise<void> {
  const { orgId, now, secretBox } = of;
  await tx.secret.create({
    data: {
      orgId,
      id: newId('secret'),
      name: connectionKeyName(connectionId),
      ...secretBox.seal(key, connectionKeyContext(orgId, connectionId)),
      hint: key.slice(-4),
      updatedAt: now,
    },
  });
}
