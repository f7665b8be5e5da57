'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { SsoView } from '../../server/domain/views/sso-views.ts';
import { ConfirmButton } from '../trpc/confirm-button.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Copyable } from '../ui/copy.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Fact, Facts } from '../ui/section.tsx';

/** Names the org's OIDC provider; its secret is entered anew each time and shown to nobody. */
export function ProviderForm({ org, sso: { provider, redirectUri, required } }: { org: string; sso: SsoView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const save = useMutation(
    trpc.sso.save.mutationOptions({
      onSuccess: async () => {
        form.current?.reset();
        await queryClient.invalidateQueries({ queryKey: trpc.sso.pathKey() });
      },
    }),
  );
  const submit = (data: FormData) => {
    const typed = (name: string) => String(data.get(name)).trim();
    save.mutate({ org, issuer: typed('issuer'), client: typed('client'), clientSecret: typed('clientSecret') });
  };
  return (
    <>
      <Facts>
        <Fact name="Redirect URI">
          <Copyable value={redirectUri} shown={redirectUri} what="the redirect URI" />
        </Fact>
      </Facts>
      <p className="text-sm text-ink-3">
        Register Fleet there as a web application with this redirect URI and the scopes openid, email and profile.
      </p>
      <form
        ref={form}
        key={provider?.issuer}
        className="flex max-w-md flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        <Fields provider={provider} />
        {save.error && <Notice look="bad">{errorText(save.error)}</Notice>}
        {required && (
          <p className="text-sm text-ink-3">
            Another issuer or client ends “only by single sign-on” until you set it again.
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" busy={save.isPending}>
            Save the provider
          </Button>
          {provider && <RemoveProvider org={org} />}
        </div>
      </form>
    </>
  );
}

function Fields({ provider }: Pick<SsoView, 'provider'>) {
  return (
    <>
      <Field label="Issuer" hint="The address under which its discovery document is found.">
        {(wiring) => (
          <Input
            {...wiring}
            name="issuer"
            type="url"
            required
            placeholder="https://login.example.com"
            defaultValue={provider?.issuer}
          />
        )}
      </Field>
      <Field label="Client id">
        {(wiring) => (
          <Input {...wiring} name="client" required mono autoComplete="off" defaultValue={provider?.clientId} />
        )}
      </Field>
      <Field
        label={provider ? 'New client secret' : 'Client secret'}
        hint="Stored encrypted and shown to nobody again."
      >
        {(wiring) => <Input {...wiring} name="clientSecret" type="password" required mono autoComplete="off" />}
      </Field>
    </>
  );
}

function RemoveProvider({ org }: { org: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.sso.remove.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.sso.pathKey() }),
    }),
  );
  return (
    <ConfirmButton
      look="danger"
      title="Remove the identity provider?"
      description="Nobody signs in by it any more; members sign in by mail. Sessions that it made go on until they end."
      leave="Keep it"
      action="Remove the provider"
      run={() => remove.mutateAsync({ org })}
    >
      Remove
    </ConfirmButton>
  );
}
