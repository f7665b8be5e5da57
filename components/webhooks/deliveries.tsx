'use client';

import Link from 'next/link';
import type { WebhookDeliveryView, WebhookView } from '../../server/domain/views/webhook-views.ts';
import { errorText } from '../trpc/error.ts';
import { Revealed } from '../ui/code.tsx';
import { plural } from '../ui/format.ts';
import { useNow } from '../ui/clock.ts';
import { Ago } from '../ui/time.tsx';
import { AllDeadLetters, DeadLetter } from './dead-letters.tsx';
import { useDeadLetters } from './use-dead-letters.ts';

type Props = { org: string; webhook: WebhookView; mayChange: boolean };

/** The last messages, those first that were given up: why, and ways to send them once more or to forget them. */
export function Deliveries({ org, webhook, mayChange }: Props) {
  const { dead, last } = webhook;
  const letters = useDeadLetters({ org, webhook });
  if (last.length === 0) return <p className="text-sm text-ink-3">Nothing has been sent to it lately.</p>;
  return (
    <div className="flex flex-col gap-2">
      {dead > 0 && (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="text-sm font-medium text-bad">
            {plural(dead, 'message was', 'messages were')} given up after many tries
          </p>
          {mayChange && <AllDeadLetters letters={letters} dead={dead} />}
        </div>
      )}
      {letters.error && (
        <p role="alert" className="text-sm text-bad">
          {errorText(letters.error)}
        </p>
      )}
      <ul aria-label="Last messages" className="flex flex-col divide-y divide-line">
        {last.map((delivery) => (
          <li key={delivery.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5 text-sm">
            <Message org={org} delivery={delivery} />
            {delivery.state === 'dead' && mayChange && <DeadLetter letters={letters} delivery={delivery} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Message({ org, delivery }: { org: string; delivery: WebhookDeliveryView }) {
  const { kind, event, state, tries, dueAt, problem, endedAt } = delivery;
  return (
    <div className="min-w-0 flex-1 basis-60">
      <p className="flex flex-wrap gap-x-2 foreign">
        {event === null ? (
          <span className="font-mono">{kind}</span>
        ) : (
          <Link href={`/${org}/audit?event=${event.streamId}/${event.seq}`} className="font-mono hover:text-accent">
            {kind}
          </Link>
        )}
        <span className={state === 'dead' ? 'text-bad' : 'text-ink-3'}>
          {state === 'pending' ? (
            <>
              tried {plural(tries, 'time')}, next <Next at={dueAt} />
            </>
          ) : (
            <>
              {state === 'delivered' ? 'taken' : 'given up'} {endedAt !== null && <Ago at={endedAt} />}
              {tries > 1 && ` after ${plural(tries, 'try', 'tries')}`}
            </>
          )}
        </span>
      </p>
      {problem !== null && (
        <p className="break-words text-ink-3 foreign">
          <Revealed text={problem} />
        </p>
      )}
    </div>
  );
}

/** What is due goes with the next look of the worker, which has one every minute. */
function Next({ at }: { at: string }) {
  const now = useNow();
  return now !== null && Date.parse(at) <= now ? 'within a minute' : <Ago at={at} />;
}
