import { MailCheck } from 'lucide-react';
import { ButtonLink } from '../ui/button.tsx';
import { PlainPage } from '../ui/plain-page.tsx';

export function CheckMail() {
  return (
    <PlainPage>
      <div className="flex flex-col gap-3">
        <MailCheck aria-hidden className="size-6 text-ink-2" />
        <h1 className="text-xl font-semibold">Look into your mailbox</h1>
        <p className="text-ink-2">
          If the address can sign in here, a link is on its way. Open it on this device; it works once and for a short
          time.
        </p>
        <p className="text-sm text-ink-3">
          An installation without a mail server keeps its mail on the page “Mail of this installation”, which its
          operator can open.
        </p>
      </div>
      <ButtonLink href="/sign-in" className="self-start">
        Use another address
      </ButtonLink>
    </PlainPage>
  );
}
