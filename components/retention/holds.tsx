'use client';

import Link from 'next/link';
import { useState } from 'react';
import type { RetentionView } from '../../server/domain/views/audit-views.ts';
import { Button } from '../ui/button.tsx';
import { Revealed } from '../ui/code.tsx';
import { Ago } from '../ui/time.tsx';
import { HoldDialog } from './hold-dialog.tsx';

type Hold = RetentionView['holds'][number];
type Props = { org: string; holds: Hold[]; mayChange: boolean };

/** What may not be erased, why, and since when. */
export function Holds({ org, holds, mayChange }: Props) {
  const [asked, setAsked] = useState<'place' | Hold | null>(null);
  return (
    <div className="flex flex-col items-start gap-3">
      {holds.length === 0 && <p className="text-ink-2">Nothing is held.</p>}
      <ul className="flex w-full flex-col divide-y divide-line">
        {holds.map((hold) => (
          <li key={hold.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <div className="min-w-0">
              <p className="foreign">
                {hold.runId === null ? (
                  'All of the org'
                ) : (
                  <Link href={`/${org}/runs/${hold.runId}`} className="font-mono hover:text-accent">
                    {hold.runId}
                  </Link>
                )}
                : <Revealed text={hold.reason} />
              </p>
              <p className="text-sm text-ink-3">
                By <Revealed text={hold.by} />, <Ago at={hold.at} />
              </p>
            </div>
            {mayChange && (
              <Button size="small" look="quiet" onClick={() => setAsked(hold)}>
                Lift
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayChange && <Button onClick={() => setAsked('place')}>Place a hold</Button>}
      {asked !== null && (
        <HoldDialog org={org} hold={asked === 'place' ? null : asked} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}
