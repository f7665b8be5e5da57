import { Lock } from 'lucide-react';
import { ButtonLink } from './button.tsx';
import { Empty } from './empty.tsx';

/** A page that exists but not for this person; `message` says whom to ask. */
export function Forbidden({ message }: { message: string }) {
  return (
    <Empty icon={Lock} title="This page is not open to you" action={<ButtonLink href="/">Go to the board</ButtonLink>}>
      {message}
    </Empty>
  );
}
