import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { networkSecretEntry, type NetworkSecretEntry } from '../../domain/secrets/network-secret.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { sealContext } from './seal-context.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date; secretBoxes: SecretBoxes };

/** `secretId`: the one it replaces. `repoId` null: in every repo of the org. */
export type SecretEntry = NetworkSecretEntry & { secretId: string | null; repoId: string | null };

const mostSecrets = 50;

/**
 * Saves a secret, sealed together with where it may be sent; nobody can read it again. Throws `invalid_input` for what is
 * none, `conflict` for a name that is taken, `not_found` for a repo or secret that is not there.
 */
export async function saveSecret(deps: Deps, asked: SecretEntry): Promise<{ secretId: string }> {
  const { database, orgId, actor, now, secretBoxes } = deps;
  const { value, ...entry } = readEntry(asked);
  const { secretId, repoId } = asked;
  const id = secretId ?? newId('networkSecret');
  const sealed = (await secretBoxes.of(orgId)).seal(value, sealContext({ orgId, id, ...entry }));
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    await mustFit(tx, { orgId, secretId, repoId, name: entry.name });
    const row = { ...entry, repoId, ...sealed, updatedAt: now };
    if (secretId === null) await tx.networkSecret.create({ data: { orgId, id, ...row } });
    else await tx.networkSecret.update({ where: { orgId_id: { orgId, id } }, data: row });
    const payload = { secretId: id, ...entry, repoId, replaced: secretId !== null };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'secret.saved', payload }] });
  });
  return { secretId: id };
}

function readEntry(asked: SecretEntry): NetworkSecretEntry {
  const read = networkSecretEntry.safeParse(asked);
  if (!read.success) throw new AppError('invalid_input', read.error.issues[0]?.message ?? 'This cannot be read.');
  if (!read.data.inSetUp && !read.data.inRuns) {
    throw new AppError('invalid_input', 'Say where it is used: in set-ups, in runs of agents, or in both.');
  }
  return { ...read.data, places: [...new Set(read.data.places)] };
}

type Fitting = { orgId: string; secretId: string | null; repoId: string | null; name: string };

async function mustFit(tx: OrgTx, { orgId, secretId, repoId, name }: Fitting): Promise<void> {
  const all = await tx.networkSecret.findMany({ where: { orgId }, select: { id: true, name: true } });
  if (secretId !== null && !all.some(({ id }) => id === secretId)) {
    throw new AppError('not_found', 'There is no such secret in this org any more.');
  }
  if (secretId === null && all.length >= mostSecrets) {
    throw new AppError('conflict', `An org has at most ${mostSecrets} secrets. Remove one that nobody needs.`);
  }
  if (all.some((one) => one.name === name && one.id !== secretId)) {
    throw new AppError('conflict', `There is a secret ${name} already. Replace it, or take another name.`);
  }
  const repos = repoId === null ? 1 : await tx.repo.count({ where: { orgId, id: repoId } });
  if (repos === 0) throw new AppError('not_found', 'There is no such repo in this org.');
}
