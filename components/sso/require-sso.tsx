'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SsoView } from '../../server/domain/views/sso-views.ts';
import { ProviderButton } from '../sign-in/provider-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';

/** Closes the org to sessions that another way of signing in made, or opens it to them again. */
export function RequireSso({ org, sso: { required, cameBySso, path } }: { org: string; sso: SsoView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(trpc.sso.require.mutationOptions({ onSettled: () => queryClient.invalidateQueries() }));
  return (
    <>
      <p className="max-w-[76ch] text-ink-2">
        {required
          ? 'Members see the org only in a session that your identity provider made. Keys of service accounts go on working.'
          : 'Members may come by a mailed link too. You can leave single sign-on as the only way in; keys of service accounts go on working, and an owner can enter without it for an hour, which the audit log then says.'}
      </p>
      {set.error && (
        <p role="alert" className="text-sm text-bad">
          {errorText(set.error)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        {required || cameBySso ? (
          <Button busy={set.isPending} onClick={() => set.mutate({ org, required: !required })}>
            {required ? 'Allow other ways again' : 'Require single sign-on'}
          </Button>
        ) : (
          <>
            <ProviderButton provider={path} callbackUrl={`/${org}/settings/sso`}>
              Sign in by it now
            </ProviderButton>
            <span className="text-sm text-ink-3">Before you can require it, you have to have come by it yourself.</span>
          </>
        )}
      </div>
    </>
  );
}
