import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf } from '../../domain/events/actor.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { putAgent } from '../agents/put-agent.ts';
import { currentSettings } from '../agents/revise-agent.ts';
import type { ActorContext } from '../pipeline/work-context.ts';
import { readWaitsFor } from '../policy/approval-rule.ts';

type By = Pick<ActorContext, 'orgId' | 'actor' | 'now'>;
type AgentBudget = {
  agentId: string;
  /** The run time a month that held so far and that is to hold, in ms. */
  millis: { before: bigint; after: bigint };
  maxRuns: number | undefined;
};

/**
 * What an agent's budget changes of the agent. Its runs at once are one of its settings, and so a revision; more of them, and more
 * run time a month, are refused where the policy lets them wait for somebody else (`forbidden`). Inside a transaction that holds the
 * agent, its account and then the org's stream.
 */
export async function settingsOfBudget(tx: OrgTx, by: By, budget: AgentBudget): Promise<OrgEvent[]> {
  const { orgId, actor, now } = by;
  const { agentId, millis, maxRuns } = budget;
  const { agent, settings: before } = await currentSettings(tx, { orgId, agentId });
  const settings = { ...before, maxRuns: maxRuns ?? before.maxRuns };
  const more = [
    ...(settings.maxRuns > before.maxRuns ? ['more runs at once'] : []),
    ...(millis.after > millis.before ? ['more run time a month'] : []),
  ];
  if (more.length > 0 && (await readWaitsFor(tx, orgId, 'agents')) !== null) throw waitsForAnother(more);
  if (settings.maxRuns === before.maxRuns) return [];
  const put = { agentId, from: agent.revision, before, settings, note: 'Set with its budget', restored: null };
  const { events } = await putAgent(tx, { orgId, now, authorId: authorOf(actor) }, put);
  return [
    { kind: 'max-runs.set', payload: { dimension: 'agent', subject: agentId, maxRuns: settings.maxRuns } },
    ...events,
  ];
}

const waitsForAnother = (more: string[]) =>
  new AppError(
    'forbidden',
    `The policy wants somebody else to approve ${more.join(' and ')}. ` +
      'Change that on the page of the agents, where it waits for approval; a run time that its budget once lowered goes up again ' +
      'only under a policy that leaves agents to one person.',
  );
