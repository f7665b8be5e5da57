import { appendOrgEvents } from '../../db/append-event.ts';
import { blobsFor } from '../../db/blobs.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { failedStep } from '../../domain/setup/environment.ts';
import { storeCases } from '../checks/baseline.ts';
import { platform, type HostContext } from '../pipeline/work-context.ts';
import type { Examination } from './examine.ts';

type Ended = Examination & { repoId: string; commit: string };

/** What an examination ended with, as the columns of its row. */
export async function environmentColumns(
  { database, orgId }: Pick<HostContext, 'database' | 'orgId'>,
  { run, report }: Examination,
) {
  const casesBlobId = await storeCases(blobsFor(database.org(orgId), orgId), run.cases);
  const status: 'passed' | 'failed' = failedStep(report) === null ? 'passed' : 'failed';
  return { status, report, casesBlobId };
}

export function environmentEvent(of: Ended & { environmentCheckId: string }): OrgEvent {
  const { environmentCheckId, repoId, commit, report } = of;
  const failed = failedStep(report);
  const verdict = failed === null ? 'passed' : 'failed';
  const [failedAt, detail] = [failed?.step ?? null, failed?.detail ?? ''];
  return {
    kind: 'environment.checked',
    payload: { environmentCheckId, repoId, commit, verdict, failedAt, detail },
  };
}

/** Keeps an examination that a stage made, for the next pipeline run on the same commit and for people. */
export async function storeEnvironment(
  context: Pick<HostContext, 'database' | 'orgId' | 'clock'>,
  { settings, ...of }: Ended & { settings: string; startedAt: Date },
): Promise<string> {
  const { database, orgId, clock } = context;
  const { repoId, commit, startedAt } = of;
  const columns = await environmentColumns(context, of);
  const id = newId('environmentCheck');
  const now = clock.now();
  await database.transaction(orgId, async (tx: OrgTx) => {
    const row = { orgId, id, repoId, commit, settings, ...columns, createdAt: startedAt, endedAt: now };
    await tx.environmentCheck.create({ data: row });
    const events = [environmentEvent({ ...of, environmentCheckId: id })];
    await appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
  });
  return id;
}
