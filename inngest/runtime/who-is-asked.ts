import { readAllEvents } from '../../server/db/read-events.ts';
import { strictestOf, type DecidedBy } from '../../server/domain/approval/decided-by.ts';
import type { RunRequest } from '../../server/domain/approval/subject.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { Action } from '../../server/domain/policy/action.ts';
import { decide } from '../../server/domain/policy/decide.ts';
import { repoFacts } from '../../server/domain/policy/repo-facts.ts';
import { scopeRequestProblem } from '../../server/domain/scope/scope-request.ts';
import { askedBefore } from '../../server/services/approvals/asked-before.ts';
import { whoAnswers } from '../../server/services/approvals/who-answers.ts';
import { knownTools } from '../../server/services/policy/known-tools.ts';
import { readRunPolicy } from '../../server/services/policy/read-run-policy.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import type { Worker } from './worker.ts';

type Of = { claim: Claim; file: RunFile };
type Answering = { decides: DecidedBy | null } | { problem: string };

/** Whom the policy wants to answer a run's request, or why nobody needs to be asked: the policy that will answer then. */
export async function whoIsAsked(worker: Worker, of: Of, request: RunRequest): Promise<Answering> {
  if (request.kind !== 'scope' && request.kind !== 'budget') return { decides: null };
  const { file, claim } = of;
  const db = worker.database.org(claim.orgId);
  const run = { orgId: claim.orgId, repoId: file.repo.id, run: file.run, scope: writeScopeOf(file) };
  const { policy, also } = await readRunPolicy(db, run);
  const facts = repoFacts({ repo: file.repo, network: file.role.network });
  const context = { policy, also, grants: [], held: [], facts };
  if (request.kind === 'budget') return budgetAnswer(context, file, request);
  // Whether more is slight is not asked here: what is not known of a request counts against it.
  const gate: Action = { kind: 'gate', gate: 'scope' };
  const opening = decide(context, gate);
  if (opening.verdict === 'deny') return { problem: opening.reason };
  const known = await knownTools(db, claim.orgId);
  const log = await readAllEvents(db, { orgId: claim.orgId, kind: 'run', subject: claim.runId });
  const before = askedBefore(log as RunEvent[], request, known);
  const problem = scopeRequestProblem(request, (path) => {
    const asked = before.find(({ action }) => action.kind === 'file_write' && action.path === path);
    return asked?.verdict ?? decide(context, { kind: 'file_write', path });
  });
  if (problem !== null) return { problem };
  const at = { mirror: file.repo.id, commit: file.input.start, base: file.input.base };
  const asked = {
    orgId: claim.orgId,
    at,
    context,
    known,
    askedBefore: [...before, { action: gate, verdict: opening }],
  };
  return { decides: await whoAnswers(worker, asked, request) };
}

type Budget = Extract<RunRequest, { kind: 'budget' }>;

function budgetAnswer(context: Parameters<typeof decide>[0], { run }: RunFile, request: Budget): Answering {
  const share = (added: number, limit: number) => (limit > 0 ? (limit + added) / limit : 1);
  const times = Math.max(share(request.addSeconds, run.secondsLimit), share(request.addMicros, Number(run.costLimit)));
  const verdict = decide(context, { kind: 'spend', what: 'raise', times, progress: false });
  if (verdict.verdict === 'deny') return { problem: verdict.reason };
  return { decides: { ...strictestOf([verdict]), owners: [] } };
}

export function writeScopeOf({ role, task }: RunFile) {
  return { role: role.write, network: role.network, taskScope: task.scope };
}
