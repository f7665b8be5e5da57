import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** What a save answers with: an `approvalId` where it waits. */
type Props = { org: string; saved: object | undefined };

/** After a save that does not count yet: where it waits. */
export function PutBeforeOthers({ org, saved }: Props) {
  if (!saved || !('approvalId' in saved) || typeof saved.approvalId !== 'string') return null;
  return (
    <Notice
      title="It waits for somebody else to approve it"
      action={<ButtonLink href={`/${org}/approvals/${saved.approvalId}`}>Look at the approval</ButtonLink>}
    >
      The policy in force wants that. Nothing has changed until then.
    </Notice>
  );
}
