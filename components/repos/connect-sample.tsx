'use client';

import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useConnect, type Connected } from './use-connect.ts';

export function ConnectSample({ org, onConnected }: { org: string; onConnected: (connected: Connected) => void }) {
  const { start, error, busy } = useConnect(onConnected);
  return (
    <>
      {error && (
        <Notice look="bad" title="The sample is not connected">
          {errorText(error)}
        </Notice>
      )}
      <Button look="primary" className="self-start" busy={busy} onClick={() => start({ org, source: 'sample' })}>
        Connect the sample
      </Button>
    </>
  );
}
