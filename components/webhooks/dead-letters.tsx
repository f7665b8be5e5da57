'use client';

import type { WebhookDeliveryView } from '../../server/domain/views/webhook-views.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import type { DeadLetters } from './use-dead-letters.ts';

/** What can be done with all messages that were given up. */
export function AllDeadLetters({ letters, dead }: { letters: DeadLetters; dead: number }) {
  return (
    <div className="flex flex-wrap gap-2">
      {letters.mayResend && (
        <Button size="small" busy={letters.isSending(null)} onClick={() => letters.resend(null)}>
          Send all of them again
        </Button>
      )}
      <ConfirmButton
        size="small"
        look="plain"
        title={`Discard ${plural(dead, 'message')}?`}
        description="They are never sent to this webhook, and this page forgets them. The log keeps what they told of."
        leave="Keep them"
        action="Discard them"
        run={() => letters.discard(null)}
      >
        Discard all of them
      </ConfirmButton>
    </div>
  );
}

/** What can be done with one. */
export function DeadLetter({
  letters,
  delivery: { id, kind },
}: {
  letters: DeadLetters;
  delivery: WebhookDeliveryView;
}) {
  return (
    <div className="flex flex-wrap gap-1">
      {letters.mayResend && (
        <Button
          size="small"
          look="quiet"
          aria-label={`Send again ${kind}`}
          busy={letters.isSending(id)}
          onClick={() => letters.resend(id)}
        >
          Send again
        </Button>
      )}
      <ConfirmButton
        size="small"
        label={`Discard ${kind}`}
        title="Discard this message?"
        description="It is never sent to this webhook, and this page forgets it. The log keeps what it told of."
        leave="Keep it"
        action="Discard it"
        run={() => letters.discard(id)}
      >
        Discard
      </ConfirmButton>
    </div>
  );
}
