import type { OrgDb } from '../../db/connect.ts';
import { readEvents } from '../../db/read-events.ts';
import { treeUpTo, type TreeRow } from '../../db/read-window.ts';
import { AppError } from '../../domain/errors.ts';
import type { RunEventPayload } from '../../domain/events/run-events.ts';
import { stageInput } from '../../domain/pipeline/stage-input.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { RunFilesView, RunFileView } from '../../domain/views/timeline-views.ts';
import type { ViewQuery } from './view-query.ts';

type Reader = ViewQuery & { codeHost: Pick<CodeHost, 'changedBetween' | 'listFiles' | 'fileAt'> };
type Kept = TreeRow & { mirror: string; base: string };

const mostChanged = 500;
const mostOthers = 200;
const mostBytes = 512 * 1024;

/** The files of a run as they were when a turn ended. Throws AppError `not_found`, also where the tree is not kept any more. */
export async function getRunFiles(
  { db, orgId, codeHost }: Reader,
  { runId, turn, match }: { runId: string; turn: number; match: string },
): Promise<RunFilesView> {
  const { mirror, base, ...kept } = await keptTree(db, { orgId, runId, turn });
  const [changes, all] = await orGone(
    Promise.all([
      codeHost.changedBetween({ mirror, base, head: kept.commit }),
      match === '' ? [] : codeHost.listFiles({ mirror, commit: kept.commit }),
    ]),
  );
  const wanted = match.toLowerCase();
  const isChanged = new Set(changes.map(({ path }) => path));
  const others = all
    .map((path) => Buffer.from(path, 'latin1').toString('utf8'))
    .filter((path) => !isChanged.has(path) && path.toLowerCase().includes(wanted));
  const changed = changes.filter(({ path }) => path.toLowerCase().includes(wanted));
  return {
    ...kept,
    changed: changed.slice(0, mostChanged).map(({ path, status, symlink }) => ({ path, status, symlink })),
    moreChanged: changed.length > mostChanged,
    others: others.slice(0, mostOthers),
    moreOthers: others.length > mostOthers,
  };
}

/** One file as it was when a turn ended, its beginning where it is large. Throws AppError `not_found`. */
export async function getRunFile(
  { db, orgId, codeHost }: Reader,
  { runId, turn, path }: { runId: string; turn: number; path: string },
): Promise<RunFileView> {
  const { mirror, commit, ...kept } = await keptTree(db, { orgId, runId, turn });
  const found = await orGone(codeHost.fileAt({ mirror, commit, path }));
  if (found === null) throw new AppError('not_found', `There was no file ${path} after turn ${kept.turn}.`);
  const shown = found.subarray(0, mostBytes);
  const text = shown.includes(0) ? null : Buffer.from(shown).toString('utf8');
  return { path, turn: kept.turn, text, bytes: found.length, cut: found.length > mostBytes };
}

async function keptTree(db: OrgDb, of: { orgId: string; runId: string; turn: number }): Promise<Kept> {
  const { orgId, runId } = of;
  const run = await db.run.findUnique({
    where: { orgId_id: { orgId, id: runId } },
    include: { stageAttempt: { include: { pipelineRun: { include: { task: { select: { repoId: true } } } } } } },
  });
  if (run === null) throw new AppError('not_found', 'There is no such run in this org.');
  const { stageAttempt } = run;
  const base = stageInput.safeParse(stageAttempt.input).data?.start;
  if (base === undefined) throw new AppError('not_found', 'This run has no files yet: its work tree was not made.');
  const mirror = stageAttempt.pipelineRun.task.repoId;
  const tree = (await treeUpTo(db, of)) ?? (await treeAtStart(db, of)) ?? { turn: 0, commit: base, leftOut: [] };
  return { ...tree, mirror, base };
}

/** A run that goes on from a turn of another begins with that turn's tree. */
async function treeAtStart(db: OrgDb, { orgId, runId }: { orgId: string; runId: string }): Promise<TreeRow | null> {
  const [first] = await readEvents(db, { orgId, kind: 'run', subject: runId, afterSeq: 0, limit: 1 });
  if (first?.kind !== 'run.forked') return null;
  const { turn, commit } = first.payload as RunEventPayload<'run.forked'>;
  return { turn, commit, leftOut: [] };
}

async function orGone<T>(reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'invalid_input') throw error;
    throw new AppError('not_found', 'These files are gone: they are kept until 14 days after the task ends.');
  });
}
