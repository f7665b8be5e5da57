'use client';

import { Broken } from '../../../components/ui/broken.tsx';

export default function ErrorPage({ retry }: { retry: () => void }) {
  return <Broken onRetry={retry} />;
}
