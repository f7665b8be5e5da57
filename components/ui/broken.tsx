'use client';

import { TriangleAlert } from 'lucide-react';
import { Button } from './button.tsx';
import { Empty } from './empty.tsx';

/** A page that failed on our side. What was saved is safe; trying again costs nothing. */
export function Broken({ onRetry }: { onRetry: () => void }) {
  return (
    <Empty
      icon={TriangleAlert}
      title="This page could not be shown"
      action={<Button onClick={onRetry}>Try again</Button>}
    >
      Something failed on the server. Nothing is lost: runs go on, and what was saved is safe. If it stays like this,
      the operator finds the reason in the log of the web process.
    </Empty>
  );
}
