import type { FleetClient } from '../../cli/demo/client.ts';
import type { ApprovalView } from '../../server/domain/views/views.ts';

/** Approves over the API; a question gets the first answer the agent proposes. */
export async function approve(client: FleetClient, org: string, approval: ApprovalView): Promise<void> {
  const { id: approvalId, digest, subject } = approval;
  const answer = subject.kind === 'question' ? subject.options[0] : undefined;
  await client.approvals.decide.mutate({ org, approvalId, digest, verdict: 'approved', reason: '', answer });
}
