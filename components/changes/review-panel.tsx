import { clsx } from 'clsx';
import Link from 'next/link';
import type { ReviewView } from '../../server/domain/views/views.ts';
import { StateMark } from '../status/state-mark.tsx';
import { reviewStates } from '../status/status.ts';
import { Copyable } from '../ui/copy.tsx';
import { Ago } from '../ui/time.tsx';
import { Words } from '../ui/words.tsx';

type Finding = ReviewView['findings'][number];

const severities: Record<Finding['severity'], string> = {
  must: 'border-bad text-bad',
  should: 'border-needs-ink text-needs-ink',
  note: 'border-line-strong text-ink-2',
};

function FindingItem({ finding }: { finding: Finding }) {
  const gone = finding.resolved && 'line-through decoration-ink-3 text-ink-3';
  return (
    <li className="flex min-w-0 flex-col gap-1 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 text-sm">
        <span
          className={clsx(
            'rounded-sm border px-1 text-xs',
            finding.resolved ? 'border-line-strong text-ink-3' : severities[finding.severity],
          )}
        >
          {finding.severity}
        </span>
        <span className="font-mono text-ink-2 [overflow-wrap:anywhere]">
          {finding.path}:{finding.line}
        </span>
        {finding.resolved && <span className="font-medium text-good">resolved</span>}
      </p>
      <p className={clsx('max-w-[76ch] foreign', gone)}>
        <Words text={finding.statement} />
      </p>
      <p className="max-w-[76ch] text-sm text-ink-3 foreign">Evidence: {finding.evidence}</p>
      {finding.suggestion && !finding.resolved && (
        <p className="max-w-[76ch] text-sm text-ink-2 foreign">Suggestion: {finding.suggestion}</p>
      )}
    </li>
  );
}

/** What an agent judged of one commit. Findings that a later commit answered are struck through. */
export function ReviewPanel({ org, review }: { org: string; review: ReviewView }) {
  return (
    <article className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateMark state={reviewStates[review.verdict]} />
        <h3 className="font-medium">
          <Link href={`/${org}/runs/${review.runId}`} className="hover:text-accent">
            {review.agent}
          </Link>
        </h3>
        <span className="text-sm text-ink-3">
          on <Copyable value={review.commit} what="commit" />
        </span>
        <Ago at={review.createdAt} className="text-sm text-ink-3" />
      </div>
      <p className="max-w-[76ch] text-ink-2 foreign">
        <Words text={review.summary} />
      </p>
      {review.findings.length > 0 && (
        <ul className="flex flex-col divide-y divide-line border-y border-line">
          {review.findings.map((finding) => (
            <FindingItem key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
    </article>
  );
}
