import { AppError } from '../../server/domain/errors.ts';
import { breakEnvironment } from '../../server/services/environment/break-environment.ts';
import { checkEnvironment } from '../../server/services/environment/check-environment.ts';
import { hostContext } from './host-work.ts';
import type { Worker } from './worker.ts';

type Asked = { orgId: string; environmentCheckId: string; lastTry: boolean };

/** Checks an environment on this host. What cannot be done at all ends the check, saying so. */
export async function environmentWork(worker: Worker, { orgId, environmentCheckId, lastTry }: Asked): Promise<void> {
  const context = hostContext(worker, orgId);
  try {
    await checkEnvironment(context, { environmentCheckId });
  } catch (error) {
    if (error instanceof AppError && error.code === 'lease_lost') return;
    worker.report(error, `environment check ${environmentCheckId}`);
    if (!lastTry) throw error;
    const detail = error instanceof AppError ? error.message : 'Something went wrong inside Fleet; its log says what.';
    await breakEnvironment(context, { environmentCheckId, detail });
  }
}
