import type { OrgTx } from '../../db/connect.ts';
import { decide } from '../../domain/policy/decide.ts';
import type { RunScope } from '../../domain/policy/run-policy.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { isOffHours } from '../../domain/policy/working-hours.ts';
import { readRunPolicy } from '../policy/read-run-policy.ts';

type Of = {
  orgId: string;
  now: Date;
  repo: { id: string; teamId: string | null };
  agentId: string;
  policyVersionId: string;
  scope: RunScope;
};

type Judged = { verdict: Verdict; percent: number };

/** What the policy says of starting a run now: how much of the month is used, and whether people are at work. */
export async function judgeStart(
  tx: OrgTx,
  { orgId, now, repo, agentId, policyVersionId, scope }: Of,
): Promise<Judged> {
  const run = { policyVersionId, createdAt: now };
  const { policy, also } = await readRunPolicy(tx, { orgId, repoId: repo.id, run, scope });
  const percent = await monthPercent(tx, { orgId, now, repo, agentId });
  const action = { kind: 'spend' as const, what: 'start' as const, percent, offHours: isOffHours(now) };
  return { verdict: decide({ policy, also, grants: [], held: [] }, action), percent };
}

/** How much of the calendar month's budget is used where most of it is: of the org, the repo, its team or the agent. */
async function monthPercent(tx: OrgTx, { orgId, now, repo, agentId }: Pick<Of, 'orgId' | 'now' | 'repo' | 'agentId'>) {
  const subjects = [orgId, repo.id, agentId, ...(repo.teamId === null ? [] : [repo.teamId])];
  const period = now.toISOString().slice(0, 7);
  const accounts = await tx.budget.findMany({ where: { orgId, period, subject: { in: subjects } } });
  const share = (used: bigint, limit: bigint | null) =>
    limit === null || limit === 0n ? 0 : Number((100n * used) / limit);
  return Math.max(
    0,
    ...accounts.flatMap((account) => [
      share(account.microsUsed, account.microsLimit),
      share(account.tokensUsed, account.tokensLimit),
      share(account.millisUsed, account.millisLimit),
    ]),
  );
}
