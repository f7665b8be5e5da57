'use client';

import { useQuery } from '@tanstack/react-query';
import { MailOpen } from 'lucide-react';
import type { OutboxMailView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { Empty } from '../ui/empty.tsx';
import { PageHeader } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { linkParts } from './link-parts.ts';

function Mail({ mail }: { mail: OutboxMailView }) {
  return (
    <li className="flex min-w-0 flex-col gap-2 py-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm text-ink-3">
        <span className="foreign">To {mail.to}</span>
        <Ago at={mail.sentAt} />
      </div>
      <h2 className="font-medium foreign">{mail.subject}</h2>
      <p className="max-w-[76ch] whitespace-pre-wrap text-ink-2 foreign">
        {linkParts(mail.text).map((part, index) =>
          part.href ? (
            <a key={index} href={part.href} className="break-all text-accent underline underline-offset-2">
              {part.text}
            </a>
          ) : (
            part.text
          ),
        )}
      </p>
    </li>
  );
}

/** The mail of an installation that has no mail server, for its operator only. */
export function Outbox() {
  const trpc = useTRPC();
  const mails = useQuery(trpc.installation.outbox.queryOptions(undefined, { refetchInterval: 5_000 })).data ?? [];
  return (
    <>
      <PageHeader
        title="Mail of this installation"
        sub="No mail server is set up, so messages stay here, and only you, the operator, can read them. Set SMTP_URL to have them sent."
      />
      {mails.length === 0 ? (
        <Empty icon={MailOpen} title="No mail yet">
          When somebody asks for a sign-in link, it appears here.
        </Empty>
      ) : (
        <ul className="flex flex-col divide-y divide-line border-y border-line">
          {mails.map((mail) => (
            <Mail key={mail.id} mail={mail} />
          ))}
        </ul>
      )}
    </>
  );
}
