'use client';

import { Clapperboard } from 'lucide-react';
import Link from 'next/link';
import { useOrg } from './use-org.ts';

/** On every page of an org whose answers come from a script and not from a model. */
export function ScriptedBadge({ org }: { org: string }) {
  const view = useOrg(org);
  if (view?.model.kind !== 'scripted') return null;
  return (
    <Link
      href={`/${org}/settings`}
      title={view.model.sentence}
      className="inline-flex h-6 items-center gap-1.5 rounded-full border border-dashed border-ink-2 px-2 text-sm font-medium whitespace-nowrap text-ink-2 hover:bg-hover hover:text-ink"
    >
      <Clapperboard aria-hidden className="size-3.5" />
      Scripted model
    </Link>
  );
}
