'use client';

import { useEffect, useState, type FormEvent } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

async function askForLink(email: string, callbackUrl: string): Promise<string> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string };
  const response = await fetch('/api/auth/signin/email', {
    method: 'POST',
    body: new URLSearchParams({ csrfToken, email, callbackUrl, json: 'true' }),
  });
  const { url } = (await response.json()) as { url: string };
  return url;
}

/** Asks for a sign-in link by e-mail. Whether the address is known is not told. */
export function SignInForm({ callbackUrl }: { callbackUrl: string }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email'));
    setBusy(true);
    setFailed(false);
    try {
      window.location.assign(await askForLink(email, callbackUrl));
    } catch {
      setFailed(true);
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field label="E-mail">
        {(wiring) => <Input {...wiring} name="email" type="email" required autoComplete="email" autoFocus />}
      </Field>
      {failed && <Notice look="bad">The server did not answer. Check that it is running and try again.</Notice>}
      <Button type="submit" look="primary" busy={busy} disabled={!alive}>
        Send sign-in link
      </Button>
    </form>
  );
}
