'use client';

import { FileX } from 'lucide-react';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';

/** Where a browser's form leads that asked for a file and got none. */
export function DownloadFailed({ message }: { message: string }) {
  return (
    <Page>
      <Crumb label="Download" />
      <Empty
        icon={FileX}
        title="The download did not start"
        action={<Button onClick={() => window.history.back()}>Back to where you were</Button>}
      >
        {message}
      </Empty>
    </Page>
  );
}
