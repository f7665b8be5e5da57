import { appendOrgEvents } from '../../db/append-event.ts';
import { AppError } from '../../domain/errors.ts';
import type { EnvironmentReport } from '../../domain/setup/environment.ts';
import { readSetup } from '../../domain/setup/repo-setup.ts';
import { settingsDigest } from '../../domain/setup/setup-key.ts';
import { platform, type HostContext } from '../pipeline/work-context.ts';
import { noticeInPassing } from '../proposals/notice-fleet-files.ts';
import { remoteOf } from '../repos/remote-of.ts';
import { examine, type Examination } from './examine.ts';
import { holdEnvironment, type HeldEnvironment } from './hold-environment.ts';
import { environmentColumns, environmentEvent } from './store-environment.ts';

/**
 * Checks the environment of a repo's default branch as somebody asked for it. Repeated after a crash; ends once, with the
 * checklist as far as it came.
 */
export async function checkEnvironment(
  context: HostContext,
  { environmentCheckId }: { environmentCheckId: string },
): Promise<void> {
  await holdEnvironment(context, environmentCheckId, async (held) => {
    const { database, orgId } = context;
    const where = { orgId_id: { orgId, id: held.id } };
    const row = await database.org(orgId).environmentCheck.findUniqueOrThrow({ where, include: { repo: true } });
    const { repo } = row;
    const commit = await fetchCommit(context, held, repo);
    if (commit === null) return;
    await noticeInPassing(context, { repoId: repo.id, commit });
    const setup = readSetup(repo.setup);
    const onReport = (report: EnvironmentReport) => void show(context, held, report);
    const examination = await examine(context, { repo, setup, commit, signal: held.signal, onReport });
    const settings = settingsDigest({ testCommand: repo.testCommand, setup });
    await end(context, held, { ...examination, repoId: repo.id, commit, settings });
  });
}

type Fetched = Parameters<typeof remoteOf>[0] & { id: string; defaultBranch: string };

/** Null where the check ended because the repo cannot be fetched. */
async function fetchCommit(context: HostContext, held: HeldEnvironment, repo: Fetched): Promise<string | null> {
  const { database, orgId, codeHost } = context;
  const { id: mirror, defaultBranch } = repo;
  try {
    const commit = await codeHost.sync({ mirror, ...remoteOf(repo), defaultBranch });
    const where = { orgId, id: held.id, leaseOwner: held.leaseOwner };
    await database.org(orgId).environmentCheck.updateMany({ where, data: { commit } });
    return commit;
  } catch (error) {
    held.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    await endUnfetched(context, held, { repoId: mirror, detail: error.message });
    return null;
  }
}

async function endUnfetched(
  context: HostContext,
  held: HeldEnvironment,
  { repoId, detail }: { repoId: string; detail: string },
): Promise<void> {
  const step = { step: 'clone', result: 'failed', detail, line: null, millis: 0, output: '' } as const;
  const report: EnvironmentReport = { steps: [step], notes: [], tests: null };
  const none = { exitCode: null, durationMs: 0, cases: null, failing: [], output: detail };
  await end(context, held, { report, run: { verdict: 'broken', detail, ...none }, repoId, commit: '', settings: null });
}

/** The checklist as far as it is, for a page that watches. Nothing hangs on it. */
async function show({ database, orgId, report: tell }: HostContext, held: HeldEnvironment, report: EnvironmentReport) {
  const where = { orgId, id: held.id, leaseOwner: held.leaseOwner, status: 'running' as const };
  await database
    .org(orgId)
    .environmentCheck.updateMany({ where, data: { report: structuredClone(report) } })
    .catch((error: unknown) => tell(error, `environment check ${held.id}`));
}

type Ending = Examination & { repoId: string; commit: string; settings: string | null };

async function end(context: HostContext, held: HeldEnvironment, ending: Ending): Promise<void> {
  const { database, orgId, clock } = context;
  const columns = await environmentColumns(context, ending);
  const { settings } = ending;
  const now = clock.now();
  await database.transaction(orgId, async (tx) => {
    const ended = await tx.environmentCheck.updateMany({
      where: { orgId, id: held.id, leaseOwner: held.leaseOwner, status: 'running' },
      data: {
        ...columns,
        ...(settings === null ? {} : { settings }),
        leaseOwner: null,
        leaseUntil: null,
        endedAt: now,
      },
    });
    if (ended.count === 0) throw new AppError('lease_lost', 'Another worker has taken this check.', { id: held.id });
    const events = [environmentEvent({ ...ending, environmentCheckId: held.id })];
    await appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
  });
}
