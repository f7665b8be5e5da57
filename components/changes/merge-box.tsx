import { Hand } from 'lucide-react';
import type { ChangeView } from '../../server/domain/views/views.ts';
import type { Drift } from '../../server/domain/scope/drift.ts';
import { DriftFacts } from '../approvals/drift-facts.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Copyable } from '../ui/copy.tsx';
import { ToneIcon } from '../ui/mark.tsx';
import { Ago } from '../ui/time.tsx';

function Conclusion({ org, change }: { org: string; change: ChangeView }) {
  const pending = change.approvals.find((approval) => approval.status === 'pending');
  if (change.status === 'merged') {
    return (
      <p className="text-sm">
        Merged into <span className="font-mono">{change.target}</span>
        {change.merged && (
          <>
            {' '}
            as <Copyable value={change.merged} what="merge commit" />
          </>
        )}
        .
      </p>
    );
  }
  if (change.status === 'closed') return <p className="text-sm">Closed without a merge. The branch is kept.</p>;
  if (!pending) return <p className="text-sm text-ink-2">Fleet merges by itself as soon as every gate is passed.</p>;
  return (
    <ButtonLink look="primary" href={`/${org}/approvals/${pending.id}`} className="self-start">
      <Hand aria-hidden className="size-4" />
      {pending.mayDecide ? 'Decide on the merge' : 'See what is asked'}
    </ButtonLink>
  );
}

/** As it was put to people for the commit that is there now. */
function driftOf({ approvals, head }: ChangeView): Drift | undefined {
  const merges = approvals.flatMap(({ subject }) => (subject.kind === 'merge' ? [subject] : []));
  return merges.findLast((subject) => subject.head === head)?.drift;
}

/** Every gate between this change and the default branch, with its proof. */
export function MergeBox({ org, change }: { org: string; change: ChangeView }) {
  const drift = driftOf(change);
  return (
    <div className="flex flex-col gap-4">
      <ul className="-mt-3 flex flex-col divide-y divide-line border-b border-line">
        {change.gates.map((gate) => (
          <li key={gate.name} className="flex gap-2.5 py-2">
            <ToneIcon tone={gate.passed ? 'good' : 'waiting'} className="mt-[3px]" />
            <div className="min-w-0">
              <p className="font-medium">
                {gate.name}
                <span className="sr-only">{gate.passed ? ': passed' : ': open'}</span>
              </p>
              <p className="text-sm text-ink-2 foreign">
                {gate.proof}
                {gate.at && (
                  <>
                    , <Ago at={gate.at} />
                  </>
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {drift && (
        <div className="text-sm">
          <p className="font-medium">Drift from plan</p>
          <div className="text-ink-2 foreign">
            <DriftFacts drift={drift} />
          </div>
        </div>
      )}
      <Conclusion org={org} change={change} />
    </div>
  );
}
