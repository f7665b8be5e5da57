import type { OrgTx } from '../../db/connect.ts';
import { eraseBlobs, namedOutputs } from '../../db/erase.ts';
import type { Erasable } from '../../db/erase.ts';

const named = /"blobId":"([\w-]{1,64})"/g;

function outputsOf(events: Erasable[]): string[] {
  const calls = events.filter(({ log, kind }) => log === 'run' && kind === 'tool.finished');
  const ids = calls.flatMap(({ payload }) => [...payload.toString('utf8').matchAll(named)].map(([, id = '']) => id));
  return [...new Set(ids)];
}

/** Which outputs of some events other calls have too, as it was at `at`. */
export type SharedOutputs = { of: Erasable[]; shared: string[]; at: Date };

/** For a call of a process whose clock goes ahead, or whose commit comes late. */
const slackMs = 60_000;

/** Looks through the log before anything is locked: a long one must not keep the org's people waiting. */
export async function sharedOutputs(db: OrgTx, { of, at }: { of: Erasable[]; at: Date }): Promise<SharedOutputs> {
  return { of, shared: await namedOutputs(db, { ids: outputsOf(of), besides: of, since: null }), at };
}

type Erased = { orgId: string; erased: Erasable[]; looked: SharedOutputs };

/**
 * The whole outputs and images of erased calls go too, unless a call or a check that stays has the same. Of the log only what came
 * after the look is looked at. Returns how many went.
 */
export async function eraseOutputs(tx: OrgTx, { orgId, erased, looked }: Erased): Promise<number> {
  const ids = outputsOf(erased);
  if (ids.length === 0) return 0;
  const gone = new Set(erased.map(({ stream, seq }) => `${stream}/${seq}`));
  const stays = looked.of.filter(({ stream, seq }) => !gone.has(`${stream}/${seq}`));
  const since = new Date(looked.at.getTime() - slackMs);
  const late = await namedOutputs(tx, { ids, besides: erased, since });
  const checks = await tx.checkResult.findMany({ where: { orgId, blobId: { in: ids } }, select: { blobId: true } });
  const staying = new Set([...looked.shared, ...outputsOf(stays), ...late, ...checks.map(({ blobId }) => blobId)]);
  return eraseBlobs(
    tx,
    ids.filter((id) => !staying.has(id)),
  );
}
