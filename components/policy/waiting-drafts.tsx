import type { PolicyView } from '../../server/domain/views/policy-views.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { LineChanges } from './line-changes.tsx';

/** Versions that count for nothing until somebody else has approved them, each with what it would change. */
export function WaitingDrafts({ org, policy: { drafts, versions } }: { org: string; policy: PolicyView }) {
  if (drafts.length === 0) return null;
  return (
    <Section title="Waiting for approval" className="pt-4">
      <ul aria-label="Waiting for approval" className="flex min-w-0 flex-col gap-4">
        {drafts.map(({ approvalId, basedOn, yaml, note, author, createdAt }) => (
          <li key={approvalId} className="flex min-w-0 flex-col gap-2">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
              <p className="min-w-0 foreign">
                <b className="font-medium">Draft on version {basedOn}</b> <span className="text-ink-2">{note}</span>{' '}
                <span className="text-sm text-ink-3">
                  {author}, <Ago at={createdAt} />
                </span>
              </p>
              <ButtonLink href={`/${org}/approvals/${approvalId}`}>Look at it and decide</ButtonLink>
            </div>
            <LineChanges
              before={versions.find(({ version }) => version === basedOn)?.yaml ?? ''}
              after={yaml}
              label={`What the draft of ${author} would change`}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
