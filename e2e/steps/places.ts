import { fleetClient } from '../../cli/demo/client.ts';
import type { Handover, Resident } from '../setup/handover.ts';
import { untilAsked, untilTask } from './until.ts';

/** A resident with the ids of everything its task has made. */
export type Settled = Resident & {
  repoId: string;
  runId: string;
  reviewRunId: string;
  changeId: string;
  approvalId: string;
};

async function idsOf(url: string, resident: Resident, approvalKind: string): Promise<Settled> {
  const client = fleetClient({ url, cookie: resident.cookie });
  const { org, taskId } = resident;
  const { pipelineRun, repo } = await client.tasks.get.query({ org, taskId });
  const approvals = await client.approvals.list.query({ org });
  const runOf = (stage: string) => pipelineRun.stages.find((each) => each.stage === stage)!.runId!;
  return {
    ...resident,
    repoId: repo.id,
    runId: runOf('build'),
    reviewRunId: runOf('review'),
    changeId: pipelineRun.changeId!,
    approvalId: approvals.find(({ kind }) => kind === approvalKind)!.id,
  };
}

/** The org whose task has been merged. */
export async function settledMerged({ url, merged }: Handover): Promise<Settled> {
  const client = fleetClient({ url, cookie: merged.cookie });
  await untilTask({ client, ...merged }, 'a merged task to look at', ({ pipelineRun }) => pipelineRun.endedAt !== null);
  return idsOf(url, merged, 'question');
}

/** The org whose task waits for the approval of its merge. */
export async function settledAsked({ url, asked }: Handover): Promise<Settled> {
  const client = fleetClient({ url, cookie: asked.cookie });
  await untilAsked({ client, ...asked }, 'merge');
  return idsOf(url, asked, 'merge');
}

/** Every page of an org. */
export function orgPaths({
  org,
  taskId,
  repoId,
  runId,
  reviewRunId,
  changeId,
  approvalId,
}: Settled): Record<string, string> {
  return {
    board: `/${org}`,
    tasks: `/${org}/tasks`,
    'new-task': `/${org}/tasks/new`,
    task: `/${org}/tasks/${taskId}`,
    run: `/${org}/runs/${runId}`,
    review: `/${org}/runs/${reviewRunId}`,
    changes: `/${org}/changes`,
    change: `/${org}/changes/${changeId}`,
    approvals: `/${org}/approvals`,
    approval: `/${org}/approvals/${approvalId}`,
    agents: `/${org}/agents`,
    access: `/${org}/agents/access`,
    'agent-roles': `/${org}/agents/roles`,
    repos: `/${org}/repos`,
    repo: `/${org}/repos/${repoId}`,
    audit: `/${org}/audit`,
    settings: `/${org}/settings`,
    members: `/${org}/settings/members`,
    roles: `/${org}/settings/roles`,
    keys: `/${org}/settings/keys`,
    teams: `/${org}/settings/teams`,
    sso: `/${org}/settings/sso`,
    secrets: `/${org}/settings/secrets`,
    danger: `/${org}/settings/danger`,
    tools: `/${org}/settings/tools`,
    webhooks: `/${org}/settings/webhooks`,
    policy: `/${org}/settings/policy`,
    retention: `/${org}/settings/retention`,
  };
}
