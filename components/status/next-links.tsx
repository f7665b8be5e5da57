import { GitPullRequest, Hand } from 'lucide-react';
import { ButtonLink } from '../ui/button.tsx';

type NextLinksProps = { org: string; approvalId: string | null; changeId: string | null };

/** Where a task or a run leads from here: to what waits for a decision, and to the change. */
export function NextLinks({ org, approvalId, changeId }: NextLinksProps) {
  return (
    <>
      {approvalId && (
        <ButtonLink look="primary" href={`/${org}/approvals/${approvalId}`}>
          <Hand aria-hidden className="size-4" />
          Decide
        </ButtonLink>
      )}
      {changeId && (
        <ButtonLink href={`/${org}/changes/${changeId}`}>
          <GitPullRequest aria-hidden className="size-4" />
          See the change
        </ButtonLink>
      )}
    </>
  );
}
