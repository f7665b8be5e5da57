'use client';

import { Broken } from '../components/ui/broken.tsx';
import { PlainPage } from '../components/ui/plain-page.tsx';

export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <PlainPage>
      <Broken onRetry={retry} />
    </PlainPage>
  );
}
