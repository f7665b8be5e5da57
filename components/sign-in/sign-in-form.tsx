'use client';

import { useState, type FormEvent } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { startSignIn, startSso } from './start-sign-in.ts';

type Way = 'link' | 'sso';

/** Asks for a sign-in link by e-mail, or goes to the single sign-on of the address's org. Whether it is known is not told. */
export function SignInForm({ callbackUrl }: { callbackUrl: string }) {
  const [busy, setBusy] = useState<Way | null>(null);
  const [failed, setFailed] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email'));
    const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
    const way: Way = button?.value === 'sso' ? 'sso' : 'link';
    setBusy(way);
    setFailed(false);
    try {
      const start = way === 'sso' ? startSso({ email, callbackUrl }) : startSignIn('email', { email, callbackUrl });
      window.location.assign(await start);
    } catch {
      setFailed(true);
      setBusy(null);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field label="E-mail">
        {(wiring) => <Input {...wiring} name="email" type="email" required autoComplete="email" autoFocus />}
      </Field>
      {failed && <Notice look="bad">The server did not answer. Check that it is running and try again.</Notice>}
      <Button type="submit" look="primary" busy={busy === 'link'}>
        Send sign-in link
      </Button>
      <Button type="submit" value="sso" busy={busy === 'sso'}>
        Use single sign-on
      </Button>
    </form>
  );
}
