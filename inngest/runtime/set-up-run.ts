import { AppError } from '../../server/domain/errors.ts';
import { stepSentence } from '../../server/domain/setup/environment.ts';
import { readSetup } from '../../server/domain/setup/repo-setup.ts';
import { setUpRepo } from '../../server/services/environment/set-up-repo.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { hostContext } from './host-work.ts';
import type { Worker } from './worker.ts';

/**
 * The set-up that a run's work tree stands on, by the key of its layer: the one that preparing or checking made, else made
 * now. Throws `sandbox_unavailable` with the line that failed.
 */
export async function setUpRun(worker: Worker, { repo, input }: RunFile): Promise<string | null> {
  const at = { mirror: repo.id, commit: input.start, setup: readSetup(repo.setup), signal: worker.draining };
  const { setUp, step } = await setUpRepo(hostContext(worker, repo.orgId), at);
  if (setUp === null) throw new AppError('sandbox_unavailable', stepSentence(step));
  return setUp.key;
}
