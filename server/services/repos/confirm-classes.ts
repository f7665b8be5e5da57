import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { readRepoClasses } from '../../db/repo-classes.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { addedBeyond, noneAdded, ownClassNames, type OwnClasses } from '../../domain/scope/own-classes.ts';
import { requireMayTakeAway } from '../policy/may-change.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `basedOn`: the version that the person saw; 0 where nobody had confirmed any. */
type Confirmed = { repoId: string; basedOn: number; classes: OwnClasses };

/**
 * Says which files of a repo are its auth, money and public API besides those that Fleet's own patterns find: rules about
 * those classes speak of them too from now on. To take away what somebody added is a change of the policy. Throws
 * `not_found`, `conflict` where somebody has confirmed others meanwhile, and `forbidden`.
 */
export async function confirmClasses(
  { database, orgId, actor, now }: Deps,
  { repoId, basedOn, classes }: Confirmed,
): Promise<{ version: number }> {
  if (actor.type !== 'user') throw new AppError('forbidden', 'Only a person can confirm the classes of a repo.');
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const repo = await tx.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
    if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
    const before = await readRepoClasses(tx, { orgId, repoId });
    if ((before?.version ?? 0) !== basedOn) {
      throw new AppError('conflict', 'Somebody else has confirmed other classes meanwhile. Look at them again.');
    }
    const lost = addedBeyond(before?.classes ?? noneAdded, classes);
    if (lost.length > 0) await requireMayTakeAway(tx, { orgId, actor, lost });
    const version = basedOn + 1;
    const row = { orgId, id: newId('repoClasses'), repoId, version, body: classes, createdAt: now };
    await tx.repoClasses.create({ data: { ...row, authorId: actor.userId } });
    const said = ownClassNames.map((each) => ({ class: each, globs: classes[each] }));
    const payload = { repoId, name: repo.name, version, classes: said };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'repo.classes-confirmed', payload }] });
    return { version };
  });
}
