import type { BoardCardView, BoardView } from '../../domain/views/views.ts';
import { approvalInclude, approvalViews } from './approval-row.ts';
import { currentAttempt, pipelineRunInclude, spendOf, type PipelineRunRow } from './pipeline-run-row.ts';
import { columnOf, isScripted, pipelineRunSentence, progressOf } from './pipeline-run-state.ts';
import type { ViewQuery } from './view-query.ts';

const shownDone = 50;
const shownOpen = 500;

/** Every open pipeline run and the latest finished ones. Money of today counts runs that started since midnight UTC. */
export async function getBoard(query: ViewQuery): Promise<BoardView> {
  const { db, orgId, now } = query;
  const midnight = new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
  const [open, done, runningRuns, spent] = await Promise.all([
    db.pipelineRun.findMany({
      where: { orgId, endedAt: null },
      include: pipelineRunInclude,
      orderBy: { createdAt: 'asc' },
      take: shownOpen,
    }),
    db.pipelineRun.findMany({
      where: { orgId, endedAt: { not: null } },
      include: pipelineRunInclude,
      orderBy: { endedAt: 'desc' },
      take: shownDone,
    }),
    db.run.count({
      where: { orgId, OR: [{ status: 'running' }, { status: 'queued', startedAt: { not: null } }] },
    }),
    db.run.aggregate({ where: { orgId, startedAt: { gte: midnight } }, _sum: { costMicros: true } }),
  ]);
  const cards = [...open, ...done].map(card);
  return {
    cards,
    runningRuns,
    spentTodayMicros: Number(spent._sum.costMicros ?? 0n),
    needsYou: cards.filter(({ column }) => column === 'needs_you').length + (await countVersions(query)),
  };
}

/** Versions of policies and roles, of no task, that wait for this person. */
async function countVersions(query: ViewQuery): Promise<number> {
  const rows = await query.db.approval.findMany({
    where: { orgId: query.orgId, kind: 'definition', status: 'pending' },
    include: approvalInclude,
    take: shownOpen,
  });
  return (await approvalViews(query, rows)).filter(({ mayDecide }) => mayDecide).length;
}

function card(row: PipelineRunRow): BoardCardView {
  const { task } = row;
  return {
    pipelineRunId: row.id,
    taskId: row.taskId,
    taskNumber: task.number,
    title: task.title,
    repo: task.repo.name,
    column: columnOf(row),
    status: row.status,
    sentence: pipelineRunSentence(row),
    ...whereItStands(row),
    ...spendOf(row),
    reservedMicros: 0,
    scripted: isScripted(row),
    progressAt: progressOf(row).toISOString(),
    createdAt: row.createdAt.toISOString(),
  };
}

function whereItStands(row: PipelineRunRow) {
  const attempt = currentAttempt(row);
  return {
    stage: attempt === null ? null : attempt.stage,
    ...workerOf(attempt?.run ?? null),
    changeId: row.change?.id ?? null,
    approvalId: row.approvals[0]?.id ?? null,
  };
}

function workerOf(run: { id: string; agent: { name: string } } | null) {
  return run === null ? { agent: null, runId: null } : { agent: run.agent.name, runId: run.id };
}
