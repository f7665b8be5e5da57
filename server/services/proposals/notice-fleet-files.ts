import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { platform } from '../pipeline/work-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { readFleetFiles, type FoundFile } from './read-fleet-files.ts';

type Deps = { database: Database; orgId: string; now: Date; codeHost: Pick<CodeHost, 'listFiles' | 'entryAt'> };
type At = { repoId: string; commit: string };

/**
 * Keeps what the `.fleet/` files of a repo's default branch propose, beside what was proposed before. Nothing of it counts
 * until a person has accepted it. The same commit noticed again changes nothing.
 */
export async function noticeFleetFiles({ database, orgId, now, codeHost }: Deps, at: At): Promise<void> {
  const { repoId, commit } = at;
  const files = await readFleetFiles(codeHost, { mirror: repoId, commit });
  const known = await database.org(orgId).repoProposal.findMany({ where: { orgId, repoId, isCurrent: true } });
  const isKnown = ({ path, digest }: FoundFile) => known.some((row) => row.path === path && row.digest === digest);
  if (files.length === known.length && files.every(isKnown)) return;
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const events = await replace(tx, { orgId, now, at, files });
    if (events.length > 0) await appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
  });
}

type Replacing = { orgId: string; now: Date; at: At; files: readonly FoundFile[] };

async function replace(tx: OrgTx, { orgId, now, at, files }: Replacing): Promise<OrgEvent[]> {
  const { repoId, commit } = at;
  const rows = await tx.repoProposal.findMany({ where: { orgId, repoId } });
  const events: OrgEvent[] = [];
  for (const row of rows.filter(({ isCurrent }) => isCurrent)) {
    if (files.some(({ path, digest }) => row.path === path && row.digest === digest)) continue;
    const status = row.status === 'open' ? { status: 'gone' as const, decidedAt: now } : {};
    await tx.repoProposal.updateMany({
      where: { orgId, id: row.id, isCurrent: true },
      data: { isCurrent: false, ...status },
    });
    events.push({ kind: 'proposal.gone', payload: { proposalId: row.id, repoId, path: row.path } });
  }
  for (const { path, digest, text, problem } of files) {
    const row = rows.find((each) => each.path === path && each.digest === digest);
    if (row?.isCurrent) continue;
    const id = row?.id ?? newId('repoProposal');
    const open = { commit, status: 'open' as const, isCurrent: true, reason: '', decidedBy: null, decidedAt: null };
    const again = { ...open, approvalId: null };
    if (row) await tx.repoProposal.updateMany({ where: { orgId, id, isCurrent: false }, data: again });
    else
      await tx.repoProposal.create({
        data: { orgId, id, repoId, path, digest, text, problem, ...open, createdAt: now },
      });
    events.push({ kind: 'proposal.found', payload: { proposalId: id, repoId, path, commit, digest } });
  }
  return events;
}

type Noticing = Omit<Deps, 'now'> & { clock: Clock; report(error: unknown, where: string): void };

/** The same beside other work, which goes on whatever becomes of this: the operator's log has what went wrong. */
export async function noticeInPassing({ clock, report, ...deps }: Noticing, at: At): Promise<void> {
  try {
    await noticeFleetFiles({ ...deps, now: clock.now() }, at);
  } catch (error) {
    report(error, `files under .fleet of ${at.repoId}`);
  }
}
