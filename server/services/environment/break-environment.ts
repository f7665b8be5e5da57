import type { EnvironmentReport } from '../../domain/setup/environment.ts';
import type { HostContext } from '../pipeline/work-context.ts';

/** Gives up a check that cannot be made; does nothing when it is over or another worker has it. */
export async function breakEnvironment(
  { database, orgId, clock }: Pick<HostContext, 'database' | 'orgId' | 'clock'>,
  { environmentCheckId: id, detail }: { environmentCheckId: string; detail: string },
): Promise<void> {
  const step = { step: 'clone', result: 'failed', detail, line: null, millis: 0, output: '' } as const;
  const report: EnvironmentReport = { steps: [step], notes: [], tests: null };
  await database.org(orgId).environmentCheck.updateMany({
    where: { orgId, id, status: 'queued' },
    data: { status: 'failed', report, endedAt: clock.now() },
  });
}
