import type { Database, OrgDb } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost, TypedRemote } from '../../domain/ports/code-host.ts';
import { remoteOf } from '../repos/remote-of.ts';
import type { Handing } from './record-handoff.ts';

type Ports = { database: Database; codeHost: CodeHost };
type Publishing = Handing & { commit: string };

/**
 * Puts the task branch on the remote at `commit`. The intent is written first, so that after a crash the run knows its own
 * earlier push, and a later run one that nobody finished. Throws `conflict` when somebody else moved the branch,
 * `unavailable` with the host's words.
 */
export async function publishBranch({ database, codeHost }: Ports, publishing: Publishing): Promise<void> {
  const { claim, file, commit, now } = publishing;
  const { orgId, runId } = claim;
  const { repo, change } = file;
  const { branch } = change;
  const at = { mirror: repo.id, ...remoteOf(repo), branch };
  const db = database.org(orgId);
  const intentKey = `handoff:${runId}`;
  const there = await codeHost.remoteHead(at);
  if (there !== commit) {
    const ours = there === change.head || (await ownPushes(db, change)).includes(there);
    if (there !== null && !ours) throw movedByOthers(branch);
    await db.outbound.upsert({
      where: { orgId_intentKey: { orgId, intentKey } },
      create: {
        orgId,
        id: newId('outbound'),
        intentKey,
        kind: 'push_branch',
        state: 'intended',
        externalId: commit,
        createdAt: now,
      },
      update: { externalId: commit, state: 'intended' },
    });
    const expected = await standing({ codeHost, at, there, commit });
    const pushed = await codeHost.push({ ...at, commit, expected });
    if (pushed.kind === 'moved' && pushed.actual !== commit) throw movedByOthers(branch);
    if (pushed.kind === 'refused') {
      throw new AppError('unavailable', `The remote refused the push of ${branch}: ${pushed.reason}`);
    }
  }
}

/** What runs of this pipeline run pushed or were about to, those included that came to nothing. */
async function ownPushes(
  db: OrgDb,
  { orgId, pipelineRunId }: { orgId: string; pipelineRunId: string },
): Promise<(string | null)[]> {
  const runs = await db.run.findMany({ where: { orgId, stageAttempt: { pipelineRunId } }, select: { id: true } });
  const keys = runs.map(({ id }) => `handoff:${id}`);
  const rows = await db.outbound.findMany({ where: { orgId, kind: 'push_branch', intentKey: { in: keys } } });
  return rows.map(({ externalId }) => externalId);
}

type Standing = {
  codeHost: CodeHost;
  at: TypedRemote & { mirror: string; branch: string };
  there: string | null;
  commit: string;
};

/** Nothing is ever forced: where the new commit does not stand on the old one, our old branch is deleted first. */
async function standing({ codeHost, at, there, commit }: Standing): Promise<string | null> {
  if (there === null) return null;
  if (await codeHost.contains({ mirror: at.mirror, commit: there, of: commit })) return there;
  const deleted = await codeHost.deleteBranch({ ...at, expected: there });
  if (deleted.kind === 'moved') throw movedByOthers(at.branch);
  return null;
}

function movedByOthers(branch: string): AppError {
  return new AppError(
    'conflict',
    `Somebody pushed to ${branch} on the remote. Take those commits elsewhere and delete the branch, then go on.`,
  );
}
