'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { signOut } from '../frame/sign-out.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Ago } from '../ui/time.tsx';
import { roleWords } from './role-words.ts';

/** The target of an invitation's link. Opening it does nothing; the button accepts. */
export function InvitationPage({ secret }: { secret: string }) {
  const trpc = useTRPC();
  const email = useQuery(trpc.me.get.queryOptions()).data?.email;
  const offer = useQuery(trpc.invitations.get.queryOptions({ secret })).data;
  if (!offer) return null;
  if (offer.state === 'over') {
    return (
      <Notice look="warn" title="This invitation no longer works">
        It was used, revoked or is too old. Ask who invited you for a new one.
      </Notice>
    );
  }
  if (offer.state === 'other-address') {
    return (
      <Notice
        look="warn"
        title="This invitation was sent to another address"
        action={<Button onClick={() => void signOut()}>Sign out</Button>}
      >
        You are signed in as {email}. Sign out, open the link again, and sign in with the address it was sent to.
      </Notice>
    );
  }
  if (offer.state === 'joined') {
    return (
      <Notice title="You are a member of this org">
        <Link href={`/${offer.slug}`} className="text-accent underline underline-offset-2">
          To its board
        </Link>
      </Notice>
    );
  }
  return <Offer secret={secret} offer={offer} email={email} />;
}

type Open = { orgName: string; role: keyof typeof roleWords; invitedBy: string; expiresAt: string };

function Offer({ secret, offer, email }: { secret: string; offer: Open; email: string | undefined }) {
  const trpc = useTRPC();
  const accept = useMutation(
    trpc.invitations.accept.mutationOptions({ onSuccess: ({ slug }) => window.location.assign(`/${slug}`) }),
  );
  const { orgName, role, invitedBy, expiresAt } = offer;
  return (
    <>
      <div className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold foreign">Join {orgName}</h1>
        <p className="text-ink-2 foreign">
          {invitedBy} invites you as <strong className="font-semibold">{role}</strong>. {roleWords[role]}
        </p>
      </div>
      {accept.error && <Notice look="bad">{errorText(accept.error)}</Notice>}
      <Button
        look="primary"
        size="tall"
        busy={accept.isPending || accept.isSuccess}
        onClick={() => accept.mutate({ secret })}
      >
        Join the org
      </Button>
      <p className="text-sm text-ink-3 foreign">
        You are signed in as {email}. The invitation works once; its time is over <Ago at={expiresAt} />.
      </p>
    </>
  );
}
