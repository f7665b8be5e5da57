import type { Database, OrgTx } from '../../db/connect.ts';
import { readHeldPaths, type HeldQuery } from '../../db/held-paths.ts';
import { newId } from '../../db/new-id.ts';
import {
  claimGlobs,
  claimProblem,
  claimTtlMs,
  heldByOthers,
  mostClaims,
  untilInWords,
  type HeldPaths,
} from '../../domain/scope/claims.ts';

/** `text` is for the agent. */
export type ClaimAnswer = { kind: 'held'; text: string } | { kind: 'refused'; text: string };

const words = ({ globs, by, until }: HeldPaths) =>
  `${globs.map((glob) => `\`${glob}\``).join(', ')} held by ${by} until ${untilInWords(until)}`;

/**
 * Reserves paths of a repository for a pipeline run, all of them or none; what it holds already lasts longer. Two that ask
 * at once are served one after the other, so that no path is ever held twice.
 */
export async function claimPaths(
  { database }: { database: Database },
  { paths, ...of }: HeldQuery & { paths: string[] },
): Promise<ClaimAnswer> {
  const problem = claimProblem(paths);
  if (problem !== null) return { kind: 'refused', text: `Nothing was reserved. ${problem}` };
  const globs = claimGlobs(paths);
  return database.org(of.orgId).$transaction(async (tx): Promise<ClaimAnswer> => {
    await tx.repo.updateMany({ where: { orgId: of.orgId, id: of.repoId }, data: { id: of.repoId } });
    const met = heldByOthers(globs, await readHeldPaths(tx, of));
    if (met.length > 0) {
      const text = `Nothing was reserved: ${met.map(words).join('; ')}. Work on something else first, or report a blocker.`;
      return { kind: 'refused', text };
    }
    return hold(tx, of, globs);
  });
}

async function hold(tx: OrgTx, { orgId, pipelineRunId, now }: HeldQuery, globs: string[]): Promise<ClaimAnswer> {
  const own = { orgId, pipelineRunId, kind: 'paths', releasedAt: null };
  const held = await tx.claim.findMany({ where: { ...own, until: { gt: now } } });
  const known = new Set(held.map(({ subject }) => subject));
  const fresh = globs.filter((glob) => !known.has(glob));
  if (known.size + fresh.length > mostClaims) {
    const text = `Nothing was reserved: this task holds ${known.size} patterns already, of ${mostClaims} at most.`;
    return { kind: 'refused', text };
  }
  const until = new Date(now.getTime() + claimTtlMs);
  await tx.claim.updateMany({ where: { ...own, subject: { in: globs } }, data: { until } });
  await tx.claim.createMany({
    data: fresh.map((subject) => ({ id: newId('claim'), orgId, pipelineRunId, kind: 'paths', subject, until })),
  });
  const all = [...new Set([...known, ...fresh])].map((glob) => `\`${glob}\``).join(', ');
  return { kind: 'held', text: `Reserved for this task until ${untilInWords(until.toISOString())}. It holds: ${all}.` };
}
