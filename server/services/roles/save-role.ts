import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';
import { editProblem, type RoleEdit } from '../../domain/roles/role-edit.ts';
import type { Saved } from '../definitions/saved.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { keepRole } from './keep-role.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `basedOn`: the version that was edited, which must be the newest. `restored`: the earlier one that is taken up whole. */
type RoleSave = {
  role: string;
  basedOn: number;
  note: string;
  edit: RoleEdit | null;
  restored: number | null;
};

/**
 * Saves a role as its next version, or puts it before whom the org's policy wants to approve it: runs that begin from now on have it, and what it refuses more reaches those under way. Throws
 * `conflict` where somebody changed the role meanwhile, `not_found`, and `invalid_input` where its kind cannot be so.
 */
export async function saveRole(deps: Deps, save: RoleSave): Promise<Saved> {
  const { database, orgId, actor, now } = deps;
  const { role, basedOn, note } = save;
  return database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const versions = await tx.roleVersion.findMany({
      where: { orgId, role: { name: role } },
      orderBy: { version: 'desc' },
    });
    const [newest] = versions;
    if (!newest) throw new AppError('not_found', 'There is no such role in this org.');
    if (newest.version !== basedOn) {
      const message = `Version ${newest.version} was saved meanwhile. Look at it, then put your change on top of it.`;
      throw new AppError('conflict', message);
    }
    const body = bodyOf(save, { newest, versions });
    const hash = definitionHash(body);
    if (hash === newest.hash) return { version: newest.version };
    const next = { roleId: newest.roleId, role, basedOn, body, hash, note, restored: save.restored };
    return keepRole(tx, { orgId, actor, now }, next);
  });
}

type Stored = { version: number; body: unknown };

function bodyOf(save: RoleSave, { newest, versions }: { newest: Stored; versions: readonly Stored[] }): RoleBody {
  if (save.restored !== null) {
    const before = versions.find(({ version }) => version === save.restored);
    if (!before) throw new AppError('not_found', `This role has no version ${save.restored}.`);
    return roleBody.parse(before.body);
  }
  if (save.edit === null) throw new AppError('invalid_input', 'Say what changes, or which version is taken up again.');
  const body = roleBody.parse(newest.body);
  const problem = editProblem(body, save.edit);
  if (problem !== null) throw new AppError('invalid_input', problem);
  return { ...body, ...save.edit };
}
