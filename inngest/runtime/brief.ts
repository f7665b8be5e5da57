import type { Brief, BriefSecret } from '../../server/agent/prompts/brief.ts';
import { readPolicyWords } from '../../server/services/policy/read-run-policy.ts';
import { readSetup } from '../../server/domain/setup/repo-setup.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { repositoryWords } from './house-rules.ts';
import { secretsOf } from './host-work.ts';
import { reviewMaterialOf } from './review-material.ts';
import { reworkOf } from './rework.ts';
import type { Worker } from './worker.ts';

type Briefing = { orgId: string; file: RunFile; turns: number };

/** Those that its proxy puts in, without what is secret of them. */
async function secretsFor(
  worker: Worker,
  { orgId, repoId }: { orgId: string; repoId: string },
): Promise<BriefSecret[]> {
  const { inRuns } = await secretsOf(worker, orgId)(repoId);
  return inRuns;
}

/** Everything a run is told at its start; read once, then kept verbatim in `run.started`. */
export async function briefOf(worker: Worker, { orgId, file, turns }: Briefing): Promise<Brief> {
  const { run, role, roleName, stageAttempt, repo, task, input } = file;
  const { name, defaultBranch, testCommand } = repo;
  const { number, title, body, acceptance, scope } = task;
  const reviews = role.contract === 'review';
  return {
    role: input.cause.from === 'delegate' ? `${roleName}-helper` : roleName,
    body: role,
    round: stageAttempt.attempt,
    repo: { name, defaultBranch, testCommand, setup: readSetup(repo.setup) },
    task: { number, title, body, acceptance, scope },
    limits: { seconds: run.secondsLimit, costMicros: Number(run.costLimit), turns },
    policy: await readPolicyWords(worker.database.org(orgId), { orgId, repoId: repo.id, run }),
    secrets: await secretsFor(worker, { orgId, repoId: repo.id }),
    ...(await repositoryWords(worker.codeHost, { mirror: repo.id, commit: input.start })),
    question: input.cause.from === 'delegate' ? input.cause.question : null,
    rework: reviews ? null : await reworkOf(worker, { orgId, file }),
    review: reviews ? await reviewMaterialOf(worker, { orgId, file }) : null,
  };
}
