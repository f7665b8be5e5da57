import { newId } from '../../db/new-id.ts';
import type { HostContext } from '../pipeline/work-context.ts';

/** The merge this change wants, written down before it is pushed. `commit` is what was or was about to be pushed. */
export type MergeIntent = { key: string; commit: string | null; target: string | null };

type Ports = Pick<HostContext, 'database' | 'orgId' | 'clock'>;

/** One row per change and head; a retry finds what the first try was about to do. */
export async function openMergeIntent(
  { database, orgId, clock }: Ports,
  { changeId, head }: { changeId: string; head: string },
): Promise<MergeIntent> {
  const intentKey = `merge:${changeId}:${head}`;
  const row = await database.org(orgId).outbound.upsert({
    where: { orgId_intentKey: { orgId, intentKey } },
    create: { orgId, id: newId('outbound'), intentKey, kind: 'merge', state: 'opened', createdAt: clock.now() },
    update: {},
  });
  const [commit = null, target = null] = row.externalId?.split(' on ') ?? [];
  return { key: intentKey, commit, target };
}

/** Must be durable before the push: after a crash the commit is looked for on the remote. */
export async function rememberMerge(
  { database, orgId }: Ports,
  intent: MergeIntent,
  { commit, target }: { commit: string; target: string },
): Promise<void> {
  await database.org(orgId).outbound.update({
    where: { orgId_intentKey: { orgId, intentKey: intent.key } },
    data: { state: 'intended', externalId: `${commit} on ${target}` },
  });
  intent.commit = commit;
  intent.target = target;
}
