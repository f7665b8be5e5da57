'use client';

import type { LogStandingView } from '../../server/domain/views/audit-views.ts';
import { plural } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { Ago } from '../ui/time.tsx';

/** Whether the log was whole when somebody last looked, and how much of it is newer than that. */
export function ChainLight({ standing }: { standing: LogStandingView | undefined }) {
  if (!standing) return null;
  const { verified, events } = standing;
  if (verified === null) return <Mark tone="waiting">Never verified · {plural(events, 'event')}</Mark>;
  return (
    <Mark tone={verified.ok ? 'good' : 'bad'}>
      {verified.ok ? 'Whole' : 'NOT whole'}, verified <Ago at={verified.at} />
    </Mark>
  );
}
