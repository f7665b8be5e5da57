import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetClient } from '../../cli/demo/client.ts';
import { approve } from '../steps/decide.ts';
import { fileSampleTask, makeReadyOrg } from '../steps/orgs.ts';
import type { Resident } from './handover.ts';
import type { Person } from './sign-up.ts';

/** Files the sample task in an org of its own. */
export async function moveIn({ client, cookie }: Person): Promise<Resident> {
  const ready = await makeReadyOrg(client);
  const { taskId } = await fileSampleTask(client, ready);
  return { org: ready.org.slug, orgName: ready.org.name, cookie, taskId };
}

type Watched = { client: FleetClient; resident: Resident; kinds: string[]; signal: AbortSignal };

/** Approves whatever of these kinds the resident's task asks, until it asks no more or `signal` ends it. */
export async function keepApproving({ client, resident: { org, taskId }, kinds, signal }: Watched): Promise<void> {
  while (!signal.aborted) {
    const pending = await client.approvals.list.query({ org, status: 'pending' });
    for (const approval of pending) if (kinds.includes(approval.kind)) await approve(client, org, approval);
    const { pipelineRun } = await client.tasks.get.query({ org, taskId });
    if (pipelineRun.endedAt !== null) return;
    await sleep(500, undefined, { signal });
  }
}
