import { openRunStream } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { readSettings } from '../../domain/agents/agent-settings.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';
import { runLimits, withinRule } from '../../domain/runs/run-limits.ts';
import { claudeFor, chooseModel, type Choice } from '../../domain/models/choose-model.ts';
import type { RunEndReason } from '../../domain/runs/run-state.ts';
import { orgIsGoing } from '../../domain/orgs/org-deletion.ts';
import { findDeletion } from '../orgs/org-deletion.ts';
import { readRule } from '../budgets/read-rule.ts';
import { readModelSupply } from '../settings/read-model-supply.ts';
import { askStart } from '../tasks/ask-start.ts';
import { endAttempt } from './end-attempt.ts';
import { judgeStart } from './judge-start.ts';
import type { Started, Starting } from './start-attempt.ts';

type RunStart = Starting & { stageAttemptId: string };
type Refusal = { reason: RunEndReason; detail: string };

/** Creates the run of an agent stage, ready to be claimed. Where it cannot start, the attempt ends saying why. */
export async function startRun(tx: OrgTx, start: RunStart): Promise<Started> {
  const { orgId, now, stageAttemptId } = start;
  const refused = await createRun(tx, start);
  if ('runId' in refused) {
    return { waits: null, events: [{ name: 'run/slice-requested', data: { orgId, runId: refused.runId } }] };
  }
  await endAttempt(tx, { orgId, now, attemptId: stageAttemptId, outcome: { kind: 'agent', ...refused, review: null } });
  const { pipelineRunId } = start;
  return { waits: null, events: [{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }] };
}

async function createRun(tx: OrgTx, start: RunStart): Promise<{ runId: string } | Refusal> {
  const { orgId, now, stage, offer, pipelineRunId } = start;
  const { task } = await tx.pipelineRun.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: pipelineRunId } },
    include: { task: { include: { repo: true } } },
  });
  const going = await findDeletion(tx, orgId);
  if (going !== null) return orgIsGoing(going.dueAt);
  const hired = await findHired(tx, { orgId, role: stage.role ?? '', repoId: task.repoId });
  if (!hired) {
    const detail = `No agent of the role “${stage.role}” is hired for this repo. Let one work again on the Agents page, then go on.`;
    return { reason: 'not_allowed', detail };
  }

  const role = roleBody.parse(hired.roleVersion.body);
  const choice = chooseModel(
    await readModelSupply(tx, { orgId, offer }),
    { name: stage.role ?? '', tier: role.tier },
    now,
  );
  const why = await askStart(tx, { orgId, repo: task.repo, choices: [choice], title: task.title });
  if (why) return { reason: choice.kind === 'scripted' ? 'model_key_rejected' : 'model_unavailable', detail: why };
  const barred = await startBarred(tx, start, { ...hired, role, repo: task.repo, taskScope: task.scope });
  if (barred) return barred;
  const spent = await spentOn(tx, { orgId, taskId: task.id });
  const limits = { seconds: task.secondsLimit, costMicros: task.costLimit };
  const bounded = withinRule(role, await readRule(tx, { orgId, dimension: 'run' }));
  const granted = runLimits(bounded, { limits, spent }, start.cause.from === 'person');
  if ('exhausted' in granted) return exhausted[granted.exhausted];
  if (granted.raised) {
    const { seconds, costMicros } = granted.raised;
    await tx.task.updateMany({ where: { orgId, id: task.id }, data: { secondsLimit: seconds, costLimit: costMicros } });
    await tx.budget.updateMany({
      where: { orgId, dimension: 'task', subject: task.id, period: 'total' },
      data: { millisLimit: BigInt(seconds) * 1_000n, microsLimit: costMicros },
    });
  }
  const runId = newId('run');
  await tx.run.create({
    data: {
      orgId,
      id: runId,
      stageAttemptId: start.stageAttemptId,
      agentId: hired.agent.id,
      agentRevision: hired.agent.revision,
      roleVersionId: hired.roleVersion.id,
      policyVersionId: hired.policyVersionId,
      status: 'queued',
      ...modelColumns(choice, role),
      secondsLimit: granted.run.seconds,
      costLimit: granted.run.costMicros,
      createdAt: now,
    },
  });
  await openRunStream(tx, { orgId, runId });
  return { runId };
}

type ToStart = Hired & {
  role: RoleBody;
  repo: { id: string; teamId: string | null };
  taskScope: string[];
};

/** Why the policy lets no run start now; a person who lets the work go on has answered what it asks. */
async function startBarred(tx: OrgTx, { orgId, now, cause }: RunStart, of: ToStart): Promise<Refusal | null> {
  const { agent, policyVersionId, role, repo, taskScope } = of;
  const scope = { role: role.write, network: role.network, taskScope };
  const asked = { orgId, now, repo, agentId: agent.id, policyVersionId, scope };
  const { verdict, percent } = await judgeStart(tx, asked);
  if (verdict.verdict === 'allow' || (verdict.verdict === 'ask' && cause.from === 'person')) return null;
  const { rule, layer, reason } = verdict;
  const way =
    verdict.verdict === 'ask'
      ? 'Approving lets it start all the same.'
      : 'Raise the budget, or change the policy, then go on.';
  const detail = `The policy lets no run start now (rule ${rule} of the ${layer}; ${percent} % of the month’s budget is used): ${reason} ${way}`;
  return { reason: percent >= 100 ? 'cost_exhausted' : 'not_allowed', detail };
}

/** A scripted run counts as the Claude it stands for. */
function modelColumns(choice: Choice, role: RoleBody) {
  const main = choice.kind === 'model' ? choice.main.ref : claudeFor(role.tier);
  const fallback = choice.kind === 'model' ? (choice.fallback?.ref ?? null) : null;
  return { ...main, scripted: choice.kind === 'scripted', ...(fallback ? { fallback } : {}) };
}

const exhausted: Record<'seconds' | 'cost', Refusal> = {
  seconds: {
    reason: 'run_time_exhausted',
    detail: 'The task’s run time is used up. Approving adds one more run to it.',
  },
  cost: { reason: 'cost_exhausted', detail: 'The task’s budget is used up. Approving adds one more run to it.' },
};

/** The agent of a role, one of the repo's own before an org-wide one, with what it works under from now on. */
type Hired = NonNullable<Awaited<ReturnType<typeof findHired>>>;

async function findHired(tx: OrgTx, { orgId, role, repoId }: { orgId: string; role: string; repoId: string }) {
  const agents = await tx.agent.findMany({
    where: { orgId, retiredAt: null, role: { name: role }, OR: [{ repoId }, { repoId: null }] },
    orderBy: { id: 'asc' },
    include: { revisions: { orderBy: { number: 'desc' }, take: 1 } },
  });
  const agent = agents.find((candidate) => candidate.repoId === repoId) ?? agents[0];
  const last = agent?.revisions[0];
  if (!agent || !last) return null;
  const { roleVersion: kept } = readSettings(last.body);
  const roleVersion = await tx.roleVersion.findFirst({
    where: { orgId, roleId: agent.roleId, ...(kept === null ? {} : { version: kept }) },
    orderBy: { version: 'desc' },
  });
  const policy = await tx.policyVersion.findFirst({ where: { orgId, layer: 'org' }, orderBy: { version: 'desc' } });
  if (!roleVersion || !policy) return null;
  return { agent, roleVersion, policyVersionId: policy.id };
}

async function spentOn(tx: OrgTx, { orgId, taskId }: { orgId: string; taskId: string }) {
  const sum = await tx.run.aggregate({
    where: { orgId, stageAttempt: { pipelineRun: { taskId } } },
    _sum: { millisUsed: true, costMicros: true },
  });
  return { seconds: Math.ceil(Number(sum._sum.millisUsed ?? 0n) / 1_000), costMicros: sum._sum.costMicros ?? 0n };
}
