import type { Prisma } from '../../db/generated/client.ts';
import type { ChangeListItemView } from '../../domain/views/views.ts';

export const changeInclude = {
  repo: { select: { name: true } },
  pipelineRun: { include: { task: { select: { id: true, number: true, title: true } } } },
} satisfies Prisma.ChangeInclude;

export type ChangeRow = Prisma.ChangeGetPayload<{ include: typeof changeInclude }>;

export function changeListItem(row: ChangeRow): ChangeListItemView {
  return {
    id: row.id,
    number: row.number,
    title: row.pipelineRun.task.title,
    repo: row.repo.name,
    branch: row.branch,
    status: row.status,
    files: row.files,
    added: row.added,
    removed: row.removed,
    updatedAt: row.updatedAt.toISOString(),
  };
}
