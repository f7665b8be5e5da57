'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ProviderButton } from '../sign-in/provider-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';

/** Whether the person may sign in with GitHub beside a mailed link. Only from here is an account ever joined to one there. */
export function GithubConnection({
  github: { connected, possible },
}: {
  github: { connected: boolean; possible: boolean };
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const disconnect = useMutation(
    trpc.me.disconnectGithub.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.me.pathKey() }),
    }),
  );
  return (
    <Section title="Sign in with GitHub">
      <p className="text-ink-2">
        {connected
          ? 'Your GitHub account signs you in here.'
          : 'Connect your GitHub account to sign in with it. A link to your address goes on working.'}
      </p>
      {disconnect.error && (
        <p role="alert" className="text-sm text-bad">
          {errorText(disconnect.error)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {connected && (
          <Button busy={disconnect.isPending} onClick={() => disconnect.mutate()}>
            Disconnect GitHub
          </Button>
        )}
        {!connected && possible && (
          <ProviderButton provider="github" callbackUrl="/account">
            Connect GitHub
          </ProviderButton>
        )}
      </div>
    </Section>
  );
}
