'use client';

import { useMutation } from '@tanstack/react-query';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { PlainPage } from '../ui/plain-page.tsx';
import { ProviderButton } from './provider-button.tsx';

export type Gate = { path: string; slug: string; orgName: string; owner: boolean };

/** In place of an org whose single sign-on a member has not come by. */
export function SsoGate({ path, slug, orgName, owner }: Gate) {
  return (
    <PlainPage>
      <div className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold foreign">{orgName} has its own sign-in</h1>
        <p className="text-ink-2">You are a member of it. It opens to who comes by its single sign-on.</p>
      </div>
      <ProviderButton provider={path} callbackUrl={`/${slug}`} look="primary">
        Use single sign-on
      </ProviderButton>
      {owner && <Bypass slug={slug} />}
    </PlainPage>
  );
}

/** For the day on which single sign-on does not work: an owner enters all the same, and the log says so. */
function Bypass({ slug }: { slug: string }) {
  const trpc = useTRPC();
  const enter = useMutation(
    trpc.sso.bypass.mutationOptions({ onSuccess: () => window.location.assign(`/${slug}/settings/sso`) }),
  );
  return (
    <div className="flex flex-col items-start gap-2 border-t border-line pt-4">
      <p className="text-sm text-ink-3">Single sign-on does not work? As an owner you can enter without it.</p>
      <ConfirmButton
        title="Enter without single sign-on?"
        description="This session is let in for one hour. The org’s audit log says that you did it, and when."
        action="Enter for one hour"
        run={() => enter.mutateAsync({ slug })}
      >
        Enter without it
      </ConfirmButton>
    </div>
  );
}
