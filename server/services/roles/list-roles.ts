import { roleBody } from '../../domain/roles/role-body.ts';
import { roleCatalogue } from '../../domain/roles/catalogue.ts';
import { editOf, roleText } from '../../domain/roles/role-edit.ts';
import { writeScopeInWords } from '../../domain/scope/write-scope.ts';
import type { RolesView } from '../../domain/views/role-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

const mostVersions = 20;

/** The roles of an org with their last versions and the agents hired into them, and what the catalogue has besides. */
export async function listRoles({ db, system, orgId }: ViewQuery): Promise<RolesView> {
  const rows = await db.role.findMany({
    where: { orgId },
    orderBy: { id: 'asc' },
    include: {
      versions: { orderBy: { version: 'desc' }, take: mostVersions },
      agents: { orderBy: { id: 'asc' }, select: { name: true, retiredAt: true } },
    },
  });
  const nameOf = await namesOf(
    { system, db },
    rows.flatMap(({ versions }) => versions.flatMap(({ authorId }) => authorId ?? [])),
  );
  const roles = rows.flatMap(({ name, versions, agents }) => {
    const newest = versions[0];
    if (!newest) return [];
    const { contract, tools } = roleBody.parse(newest.body);
    return {
      name,
      contract,
      tools,
      agents: agents.map((agent) => ({ name: agent.name, retired: agent.retiredAt !== null })),
      versions: versions.map(({ version, body: stored, note, authorId, createdAt }) => {
        const body = roleBody.parse(stored);
        const author = authorId === null ? null : nameOf(authorId);
        return { version, text: roleText(body), edit: editOf(body), note, author, createdAt: createdAt.toISOString() };
      }),
    };
  });
  const has = new Set(rows.map(({ name }) => name));
  const offered = roleCatalogue
    .filter(({ name }) => !has.has(name))
    .map(({ name, body: { title, purpose, write } }) => ({ name, title, purpose, writes: writeScopeInWords(write) }));
  return { roles, offered };
}
