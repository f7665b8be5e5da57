import { SearchX } from 'lucide-react';
import { ButtonLink } from './button.tsx';
import { Empty } from './empty.tsx';

export function NotFound() {
  return (
    <Empty
      icon={SearchX}
      title="There is nothing at this address"
      action={<ButtonLink href="/">Go to the board</ButtonLink>}
    >
      The link is wrong, or it belongs to an org you are not a member of.
    </Empty>
  );
}
