import Link from 'next/link';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { StateMark } from '../status/state-mark.tsx';
import { approvalStates } from '../status/status.ts';
import { Ago } from '../ui/time.tsx';
import { Words } from '../ui/words.tsx';

function Votes({ approval }: { approval: ApprovalView }) {
  return approval.votes.map((vote, index) => (
    <p key={index} className="text-sm text-ink-2 foreign">
      {vote.by} {vote.verdict} via {vote.via}, <Ago at={vote.at} />
      {vote.reason && <>: “{vote.reason}”</>}
    </p>
  ));
}

/** What people were asked about this change and what they decided. */
export function ApprovalLines({ org, approvals }: { org: string; approvals: ApprovalView[] }) {
  if (approvals.length === 0) return <p className="text-sm text-ink-3">Nobody has been asked yet.</p>;
  return (
    <ul className="-mt-3 flex flex-col divide-y divide-line">
      {approvals.map((approval) => (
        <li key={approval.id} className="flex flex-col gap-1 py-2.5">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StateMark state={approvalStates[approval.status]} bare />
            {approval.selfApproved && (
              <span className="rounded-sm border border-line-strong px-1 text-xs text-ink-2">self-approved</span>
            )}
          </div>
          <Link href={`/${org}/approvals/${approval.id}`} className="max-w-[76ch] foreign hover:text-accent">
            <Words text={approval.consent} />
          </Link>
          <Votes approval={approval} />
        </li>
      ))}
    </ul>
  );
}
