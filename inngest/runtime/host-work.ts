import { AppError, type ErrorCode } from '../../server/domain/errors.ts';
import { breakAttempt } from '../../server/services/pipeline/break-attempt.ts';
import type { HostContext } from '../../server/services/pipeline/work-context.ts';
import { readRepoSecrets, type ReadRepoSecrets } from '../../server/services/secrets/repo-secrets.ts';
import { setUpNetwork } from './set-up-network.ts';
import type { Worker } from './worker.ts';

type Attempt = { orgId: string; stageAttemptId: string; lastTry: boolean };
type Work = (context: HostContext, input: { stageAttemptId: string }) => Promise<void>;

/** Faults of the repo's side that another try in a minute will not mend: a person is told at once. */
const forPeople: readonly ErrorCode[] = [
  'repo_unreachable',
  'repo_needs_credentials',
  'repo_empty',
  'repo_not_allowed',
];

/** What work on this host for an org is handed. */
export function hostContext(worker: Worker, orgId: string): HostContext {
  const { database, bus, clock, codeHost, auditKeys, sandboxes, workspaces, draining } = worker;
  const ports = { database, bus, clock, codeHost, auditKeys, workspaces, sandboxes: sandboxes.for(orgId) };
  const report: HostContext['report'] = (error, where) => worker.report(error, where);
  return {
    ...ports,
    orgId,
    report,
    worker: worker.id,
    signal: draining,
    secrets: secretsOf(worker, orgId),
    network: setUpNetwork(worker, orgId),
  };
}

/** An org's secrets, read anew each time. */
export function secretsOf({ database, secretBoxes }: Worker, orgId: string): ReadRepoSecrets {
  return (repoId) => readRepoSecrets({ db: database.org(orgId), orgId, secretBoxes }, repoId);
}

/** Runs a check or merge on this host. What cannot be made ends its attempt with the reason, for a person to decide. */
export async function hostWork(worker: Worker, work: Work, attempt: Attempt): Promise<void> {
  const { orgId, stageAttemptId, lastTry } = attempt;
  const context = hostContext(worker, orgId);
  const { database, bus, clock } = context;
  try {
    await work(context, { stageAttemptId });
  } catch (error) {
    if (error instanceof AppError && error.code === 'lease_lost') return;
    worker.report(error, `stage attempt ${stageAttemptId}`);
    const known = error instanceof AppError;
    if (!lastTry && !(known && forPeople.includes(error.code))) throw error;
    const detail = known ? error.message : 'Something went wrong inside Fleet; its log says what.';
    await breakAttempt({ database, orgId, now: clock.now(), bus }, { attemptId: stageAttemptId, detail });
  }
}
