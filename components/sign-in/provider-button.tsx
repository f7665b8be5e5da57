'use client';

import { useEffect, useState, type ReactNode } from 'react';
import { Button, type ButtonLook } from '../ui/button.tsx';
import { startSignIn } from './start-sign-in.ts';

type Props = { provider: string; callbackUrl: string; look?: ButtonLook; children: ReactNode };

/** Goes to an identity provider and comes back signed in. */
export function ProviderButton({ provider, callbackUrl, look = 'plain', children }: Props) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  const go = async () => {
    setBusy(true);
    setFailed(false);
    try {
      window.location.assign(await startSignIn(provider, { callbackUrl }));
    } catch {
      setFailed(true);
      setBusy(false);
    }
  };
  return (
    <>
      <Button look={look} busy={busy} disabled={!alive} onClick={() => void go()}>
        {children}
      </Button>
      {failed && (
        <p role="alert" className="text-sm text-bad">
          The server did not answer. Check that it is running and try again.
        </p>
      )}
    </>
  );
}
