import type { OrgTx } from '../../db/connect.ts';
import type { AgentSettings } from '../../domain/agents/agent-settings.ts';
import { isNoOlderVersion } from '../../domain/agents/loosened.ts';
import { AppError } from '../../domain/errors.ts';
import { readApprovalRule } from '../policy/approval-rule.ts';

type Wanted = { orgId: string; roleId: string; settings: Pick<AgentSettings, 'repoId' | 'roleVersion'> };

/** Why there can be no agent set so, in words: a repo or a version of its role that is not there; null where there can. */
export async function whyImpossible(tx: OrgTx, { orgId, roleId, settings }: Wanted): Promise<string | null> {
  const { repoId, roleVersion: version } = settings;
  if (repoId !== null && !(await tx.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } })))
    return 'There is no such repo in this org.';
  if (version === null) return null;
  const key = { orgId, roleId, version };
  const found = await tx.roleVersion.findUnique({ where: { orgId_roleId_version: key } });
  return found ? null : `Its role has no version ${version}.`;
}

export async function newestRoleVersion(tx: OrgTx, orgId: string, roleId: string): Promise<number> {
  const newest = await tx.roleVersion.findFirstOrThrow({ where: { orgId, roleId }, orderBy: { version: 'desc' } });
  return newest.version;
}

type Possible = {
  orgId: string;
  roleId: string;
  settings: Pick<AgentSettings, 'name' | 'repoId' | 'roleVersion'>;
  /** The version of its role that it stays at so far. */
  keptAt: number | null;
};

/**
 * Refuses a repo or a version of the role that is not there (`not_found`), and, where it would not wait for approval itself, a way
 * back to an older version of the role past those who have to approve versions (`forbidden`).
 */
export async function assertPossible(tx: OrgTx, { orgId, roleId, settings, keptAt }: Possible): Promise<void> {
  const impossible = await whyImpossible(tx, { orgId, roleId, settings });
  if (impossible !== null) throw new AppError('not_found', impossible);
  const { name, roleVersion: version } = settings;
  if ((await readApprovalRule(tx, orgId)) === null) return;
  const newest = await newestRoleVersion(tx, orgId, roleId);
  if (isNoOlderVersion(version, { newest, kept: keptAt })) return;
  throw new AppError(
    'forbidden',
    `The policy wants somebody else to approve versions of roles, so ${name} cannot be put at version ${version} of its role. ` +
      `Choose the newest, ${newest}, or take version ${version} up again on the page of the role, where it waits for approval.`,
  );
}
