'use client';

import type { WebhookView } from '../../server/domain/views/webhook-views.ts';
import { Revealed } from '../ui/code.tsx';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookActions } from './webhook-actions.tsx';

type Props = { org: string; webhook: WebhookView; mayChange: boolean };

/** One webhook: where it leads, what it gets, how it goes, and what became of the last messages. */
export function Webhook({ org, webhook, mayChange }: Props) {
  const { url, filter, earlierUntil } = webhook;
  return (
    <article aria-label={url} className="flex flex-col gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h2 className="min-w-0 flex-1 basis-60 font-mono font-medium break-all foreign">
          <Revealed text={url} />
        </h2>
        {mayChange && <WebhookActions org={org} webhook={webhook} />}
      </div>
      <Standing webhook={webhook} />
      <Facts>
        <Fact name="It gets">{contentsOf(webhook)}</Fact>
        {filter !== '' && (
          <Fact name="Only">
            <span className="font-mono">
              <Revealed text={filter} />
            </span>
          </Fact>
        )}
        <Fact name="Waiting">{waitingWords(webhook)}</Fact>
        <Fact name="Last taken">{webhook.deliveredAt === null ? 'nothing yet' : <Ago at={webhook.deliveredAt} />}</Fact>
        {earlierUntil !== null && (
          <Fact name="Secret">
            The one before signs too, until <Ago at={earlierUntil} />
          </Fact>
        )}
      </Facts>
      <Deliveries org={org} webhook={webhook} mayChange={mayChange} />
    </article>
  );
}

function contentsOf({ sendsEvents, sendsHeads }: WebhookView): string {
  return [sendsEvents ? 'events' : null, sendsHeads ? 'signed heads' : null].filter(Boolean).join(' and ');
}

function waitingWords({ waiting, behind }: WebhookView): string {
  const rows = waiting === 0 ? 'nothing' : plural(waiting, 'message');
  return behind === 0 ? rows : `${rows}; ${plural(behind, 'event')} of the log not looked at yet`;
}

/** Whether it works; where not, why, and what comes next. */
function Standing({ webhook: { disabledAt, failingSince, problem } }: Pick<Props, 'webhook'>) {
  const why = problem !== null && <Revealed text={problem} />;
  if (disabledAt !== null) {
    return (
      <Notice look="warn" title="Turned off">
        {why && <>{why}. </>}
        Nothing is lost: when it is turned on again it goes on where it was.
      </Notice>
    );
  }
  if (failingSince !== null) {
    return (
      <Notice look="bad" title="Messages do not come through">
        {why}. Failing since <Ago at={failingSince} />. It is tried again by itself, less and less often, and turned off
        after three days.
      </Notice>
    );
  }
  return problem === null ? null : <Notice look="bad">{why}</Notice>;
}
